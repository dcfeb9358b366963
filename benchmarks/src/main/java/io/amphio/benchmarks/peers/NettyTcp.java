package io.amphio.benchmarks.peers;

import io.amphio.benchmarks.Arguments;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import java.net.InetSocketAddress;

/** Netty: a TCP server, {@code --transport epoll|io_uring|nio} and otherwise as ours. */
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails closes its connection, and the driver sees that
public final class NettyTcp {
    private static final int CHUNK_BYTES = 64 << 10;

    private NettyTcp() {}

    /** Which transport. */
    record Transport(IoHandlerFactory handlers, Class<? extends ServerChannel> server) {
        static Transport of(String name) {
            return switch (name) {
                case "epoll" -> new Transport(EpollIoHandler.newFactory(), EpollServerSocketChannel.class);
                case "io_uring" -> new Transport(IoUringIoHandler.newFactory(), IoUringServerSocketChannel.class);
                case "nio" -> new Transport(NioIoHandler.newFactory(), NioServerSocketChannel.class);
                default -> throw new IllegalArgumentException("no transport " + name);
            };
        }
    }

    /** Serves until it is killed. */
    public static void main(String[] args) throws Exception {
        Arguments arguments = Arguments.of(args);
        String mode = arguments.get("mode", "echo");
        serve(arguments, new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(mode.equals("source") ? new Source() : new Echo(!mode.equals("sink")));
            }
        });
    }

    /** Listens as the arguments say and waits for ever. */
    static void serve(Arguments arguments, ChannelInitializer<Channel> connection) throws InterruptedException {
        Transport transport = Transport.of(arguments.get("transport", "epoll"));
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(arguments.getInt("loops", 1), transport.handlers());
        Channel server = new ServerBootstrap()
                .group(loops)
                .channel(transport.server())
                .option(ChannelOption.SO_BACKLOG, 1024)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(connection)
                .bind("127.0.0.1", arguments.getInt("port", 0))
                .sync()
                .channel();
        System.out.println("ready port=" + ((InetSocketAddress) server.localAddress()).getPort());
        System.out.flush();
        server.closeFuture().sync();
    }

    private static final class Echo extends ChannelInboundHandlerAdapter {
        private final boolean echoes; // else it is a sink

        Echo(boolean echoes) {
            this.echoes = echoes;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (echoes) {
                context.write(message, context.voidPromise());
            } else {
                ((ByteBuf) message).release();
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable gone) {
            context.close();
        }
    }

    private static final class Source extends ChannelInboundHandlerAdapter {
        private final ByteBuf chunk =
                io.netty.buffer.Unpooled.directBuffer(CHUNK_BYTES).writerIndex(CHUNK_BYTES);

        @Override
        public void channelActive(ChannelHandlerContext context) {
            fill(context);
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            fill(context);
        }

        private void fill(ChannelHandlerContext context) {
            while (context.channel().isWritable()) {
                context.write(chunk.retainedDuplicate(), context.voidPromise());
            }
            context.flush();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable gone) {
            context.close();
        }
    }
}
