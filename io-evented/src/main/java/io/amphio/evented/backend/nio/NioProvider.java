package io.amphio.evented.backend.nio;

import io.amphio.evented.backend.Backend;
import io.amphio.evented.backend.BackendProvider;
import io.amphio.evented.backend.BlockingCalls;
import io.amphio.evented.backend.CompletionSink;
import io.amphio.evented.backend.Descriptor;
import io.amphio.evented.backend.Failure;
import io.amphio.evented.backend.Limit;
import io.amphio.evented.backend.PipeEnds;
import io.amphio.evented.backend.SocketPair;
import io.amphio.evented.backend.SocketType;
import io.amphio.spi.UnixChannels;
import io.amphio.spi.files.DirCalls;
import io.amphio.spi.files.JdkDir;
import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectableChannel;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Opens NIO selectors and channels. */
public final class NioProvider implements BackendProvider {
    /** Its name, and that of its backends. */
    public static final String NAME = "nio";

    private static final BlockingCalls FILES = new NioFiles();
    private static final Set<Limit> LIMITS = Set.of(Limit.values()); // this is where they were all found

    /** Creates a provider; all of them are alike. */
    public NioProvider() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void prepare() {
        NioChannels.prepare();
        limits(); // and the calls on files
    }

    @Override
    public Backend open(CompletionSink sink) throws Failure {
        try {
            return new NioBackend(Selector.open(), sink);
        } catch (IOException e) {
            throw NioErrors.failure(e);
        }
    }

    @Override
    public Descriptor openSocket(@Nullable ProtocolFamily family, SocketType type) throws Failure {
        if (type == SocketType.DATAGRAM && family == StandardProtocolFamily.UNIX) {
            throw Limit.UNIX_DATAGRAMS.on(NAME);
        }
        try {
            return type == SocketType.DATAGRAM
                    ? new NioDatagramSocket(
                            nonBlocking(family == null ? DatagramChannel.open() : DatagramChannel.open(family)))
                    : new NioSocket(nonBlocking(family == null ? SocketChannel.open() : SocketChannel.open(family)));
        } catch (IOException | UnsupportedOperationException e) {
            throw NioErrors.failure(e);
        }
    }

    @Override
    public Descriptor openListener(@Nullable ProtocolFamily family) throws Failure {
        try {
            return new NioListener(
                    nonBlocking(family == null ? ServerSocketChannel.open() : ServerSocketChannel.open(family)));
        } catch (IOException | UnsupportedOperationException e) {
            throw NioErrors.failure(e);
        }
    }

    @Override
    public PipeEnds openPipe() throws Failure {
        try {
            Pipe pipe = Pipe.open();
            return new PipeEnds(new NioPipeEnd(nonBlocking(pipe.source())), new NioPipeEnd(nonBlocking(pipe.sink())));
        } catch (IOException e) {
            throw NioErrors.failure(e);
        }
    }

    @Override
    public SocketPair openPair() throws Failure {
        try {
            SocketChannel[] channels = UnixChannels.openPair();
            return new SocketPair(new NioSocket(nonBlocking(channels[0])), new NioSocket(nonBlocking(channels[1])));
        } catch (IOException e) {
            throw NioErrors.failure(e);
        }
    }

    private static <C extends SelectableChannel> C nonBlocking(C channel) throws IOException {
        try {
            channel.configureBlocking(false);
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public Descriptor adopt(int number) {
        throw Limit.FOREIGN_DESCRIPTORS.on(NAME);
    }

    @Override
    public Descriptor standard(int number) {
        return new NioStandard(Objects.checkIndex(number, 3));
    }

    @Override
    public DirCalls<Descriptor> openDirectory(Path path, boolean confined) throws IOException {
        return confined ? JdkDir.openConfined(NioFile::of, path) : JdkDir.open(NioFile::of, path);
    }

    @Override
    public BlockingCalls blockingCalls() {
        return FILES;
    }

    @Override
    public Set<Limit> limits() {
        return LIMITS;
    }
}
