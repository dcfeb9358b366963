package io.amphio.evented;

import io.amphio.IoOptions;
import io.amphio.IoRuntime;
import io.amphio.net.Server;
import io.amphio.net.Stream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** The program that {@link ClientsBeyondLimitTest} starts with few file descriptors: it echoes until it is killed. */
final class EchoAtLimit {
    private EchoAtLimit() {}

    public static void main(String[] args) throws IOException {
        var options = IoOptions.of("evented").with("backend", args[0]).with("loops", "1");
        try (IoRuntime runtime = IoRuntime.open(options)) {
            runtime.<IOException>run(io -> {
                Server server = io.net().listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                System.out.println(server.localAddress().getPort());
                while (true) {
                    Stream stream = server.accept(io);
                    io.async(() -> echo(io, stream));
                }
            });
        }
    }

    private static void echo(io.amphio.Io io, Stream stream) throws IOException {
        try (stream) {
            var buffer = ByteBuffer.allocate(256);
            while (stream.read(io, buffer.clear()) >= 0) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    stream.write(io, buffer);
                }
            }
        }
    }
}
