package io.amphio.evented;

import io.amphio.Future;
import io.amphio.Io;
import io.amphio.IoOptions;
import io.amphio.IoRuntime;
import io.amphio.fs.OpenOptions;
import io.amphio.net.Server;
import io.amphio.net.Stream;
import io.vavr.CheckedFunction0;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;

/**
 * The program that {@link DescriptorLimitTest} starts with few file descriptors: what it does when none is left, it does for the
 * first time.
 */
final class AtDescriptorLimit {
    private static final ArrayDeque<FileInputStream> BALLAST = new ArrayDeque<>();

    private AtDescriptorLimit() {}

    public static void main(String[] args) throws Throwable {
        var options = IoOptions.of("evented").with("backend", args[0]).with("loops", "2");
        try (IoRuntime runtime = IoRuntime.open(options)) {
            Io io = runtime.io();
            Server server =
                    io.await(io.async(() -> io.net().listen(new InetSocketAddress("127.0.0.1", 0)))); // on a loop
            InetSocketAddress address = server.localAddress();
            SocketChannel client = SocketChannel.open(address);
            fillUp();
            Future<Integer> echoed = io.async(() -> echo(io, server));
            tell(io, "connect", () -> io.net().connect(io, address));
            tell(io, "listen", () -> io.net().listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
            tell(io, "open", () -> io.fs().open(io, Path.of(args[1]), OpenOptions.reading()));
            tell(io, "wait", () -> {
                io.withTimeout(Duration.ofMillis(1), () -> io.sleep(Duration.ofDays(1)));
                return null;
            });
            while (!BALLAST.isEmpty()) {
                BALLAST.pop().close();
            }
            client.write(ByteBuffer.wrap(new byte[] {7}));
            ByteBuffer answer = ByteBuffer.allocate(1);
            client.read(answer);
            System.out.println("echoed " + answer.get(0) + ", " + io.await(echoed));
            client.close();
            server.close();
            tell(io, "connect", () -> io.net().connect(io, address));
        }
        System.out.println("closed");
    }

    private static void fillUp() throws IOException {
        try {
            while (true) {
                BALLAST.push(new FileInputStream("/dev/null"));
            }
        } catch (IOException full) {
            System.out.println(BALLAST.size() > 10 ? "full" : "no room at all: " + full);
        }
    }

    private static int echo(Io io, Server server) throws IOException {
        try (Stream stream = server.accept(io)) {
            ByteBuffer buffer = ByteBuffer.allocate(1);
            stream.read(io, buffer);
            return stream.write(io, buffer.flip());
        }
    }

    private static void tell(Io io, String what, CheckedFunction0<?> attempt) {
        io.await(io.async(() -> {
            try {
                attempt.apply();
                System.out.println(what + " was done");
            } catch (Throwable refused) {
                String text = String.valueOf(refused.getMessage());
                String symbol = text.replaceAll(".*\\((E[A-Z]+)\\).*", "$1");
                System.out.println(
                        what + ": " + refused.getClass().getSimpleName() + (symbol.equals(text) ? "" : " " + symbol));
            }
        }));
    }
}
