package io.amphio.spi;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** Connected Unix sockets by the JDK alone, which has no call for them. */
public final class UnixChannels {
    private UnixChannels() {}

    /**
     * Opens two connected channels, in blocking mode.
     *
     * <p>They meet at a path in a folder that is the current user's alone, so nobody else can come in between, and that is gone when this
     * returns.
     *
     * @return both
     * @throws IOException if the system refuses
     * @throws UnsupportedOperationException if it has no Unix sockets
     */
    public static SocketChannel[] openPair() throws IOException {
        Path folder = Files.createTempDirectory("amphio");
        Path path = folder.resolve("pair");
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            UnixDomainSocketAddress address = UnixDomainSocketAddress.of(path);
            listener.bind(address, 1);
            SocketChannel first = SocketChannel.open(address);
            try {
                return new SocketChannel[] {first, listener.accept()};
            } catch (IOException | RuntimeException failed) {
                first.close();
                throw failed;
            }
        } finally {
            Files.deleteIfExists(path);
            Files.deleteIfExists(folder);
        }
    }
}
