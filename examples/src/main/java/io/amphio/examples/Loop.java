package io.amphio.examples;

import io.amphio.evented.loop.Accept;
import io.amphio.evented.loop.EventLoop;
import io.amphio.evented.loop.EventLoopOptions;
import io.amphio.evented.loop.LoopListener;
import io.amphio.evented.loop.LoopSocket;
import io.amphio.evented.loop.LoopTimer;
import io.amphio.evented.loop.Receive;
import io.amphio.evented.loop.Send;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** An echo server of callbacks: an event loop by itself, on one thread, without an {@code Io} and without tasks. */
@Command(
        name = "loop",
        description = "An echo server of callbacks, on one event loop without tasks.",
        sortOptions = false)
final class Loop implements Callable<Integer> {
    private static final Duration BACK_OFF = Duration.ofMillis(50);
    private static final Duration IDLE_LIMIT = Duration.ofMinutes(1);
    private static final int BUFFER_BYTES = 16 * 1024;

    @Option(names = "--port", paramLabel = "N", defaultValue = "8080", description = "Where to listen; 0: anywhere.")
    int port;

    @Option(
            names = "--backend",
            paramLabel = "NAME",
            defaultValue = "auto",
            description = "What the event loop waits with: auto is the best there is.")
    String backend = "auto";

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    boolean help;

    @Spec
    @Nullable
    CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        try (EventLoop loop = open();
                LoopListener listener = listen(loop, new InetSocketAddress("127.0.0.1", port))) {
            InetSocketAddress address = (InetSocketAddress) Objects.requireNonNull(listener.localAddress());
            System.out.println("listening on 127.0.0.1:" + address.getPort() + " by " + loop.backendName());
            loop.run();
        }
        return 0;
    }

    private EventLoop open() throws IOException {
        try {
            return EventLoop.open(EventLoopOptions.DEFAULT.withBackend(backend));
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(Objects.requireNonNull(spec).commandLine(), wrong.getMessage());
        }
    }

    /** Listens; from now on every connection is served by callbacks of the loop. */
    static LoopListener listen(EventLoop loop, InetSocketAddress address) throws IOException {
        LoopListener listener = LoopListener.open(loop, null);
        listener.bind(address, 0);
        // Without a free descriptor an accept fails at once, again and again: wait a little.
        Accept[] accept = new Accept[1];
        LoopTimer later = new LoopTimer(loop, () -> loop.submit(accept[0]));
        accept[0] = new Accept(listener, accepted -> {
            if (accepted.isCanceled()) {
                return; // the listener, or the loop, is closed
            }
            try {
                new Connection(loop, accepted.socket()).receive();
                loop.submit(accepted);
            } catch (IOException refused) {
                later.set(BACK_OFF);
            }
        });
        loop.submit(accept[0]);
        return listener;
    }

    /** One connection: receive, send all of it, receive again. One buffer, and two operations that are used over and over. */
    private static final class Connection {
        private final EventLoop loop;
        private final LoopSocket socket;
        private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        private final Receive receive;
        private final Send send;

        Connection(EventLoop loop, LoopSocket socket) {
            this.loop = loop;
            this.socket = socket;
            this.receive = new Receive(socket, this::received, buffer);
            this.send = new Send(socket, this::sent, buffer);
        }

        void receive() {
            buffer.clear();
            loop.submit(receive, IDLE_LIMIT);
        }

        private void received(Receive ended) {
            try {
                if (ended.bytes() < 0) {
                    socket.close(); // the peer has all that it sent
                } else {
                    buffer.flip();
                    loop.submit(send);
                }
            } catch (IOException gone) { // reset, idle for too long, or the loop is closing
                socket.close();
            }
        }

        private void sent(Send ended) {
            if (ended.failure() != null) {
                socket.close();
            } else if (buffer.hasRemaining()) {
                loop.submit(send);
            } else {
                receive();
            }
        }
    }
}
