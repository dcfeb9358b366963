package io.amphio.examples;

import io.amphio.Group;
import io.amphio.Io;
import io.amphio.IoRuntime;
import io.amphio.net.Server;
import io.amphio.net.Stream;
import io.amphio.stream.Reader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Command;

/** Says hello to itself over TCP, on the {@link Io} that the arguments choose. */
public final class Hello {
    private Hello() {}

    /** Starts it: {@code --io evented} or {@code --io blocking}. */
    public static void main(String[] args) throws IOException {
        try (IoRuntime runtime = IoRuntime.open(args)) {
            runtime.<IOException>run(Hello::hello);
        }
    }

    static void hello(Io io) throws IOException {
        try (Server server = io.net().listen(new InetSocketAddress("127.0.0.1", 0));
                Group group = new Group()) {
            group.concurrent(io, () -> answer(io, server)).get();
            try (Stream stream = io.net().connect(io, server.localAddress())) {
                stream.writeAll(io, StandardCharsets.UTF_8.encode("Hello!\n"));
                System.out.println(new Reader(stream).readLine(io, 100) + " This is " + Thread.currentThread());
            }
        }
    }

    private static void answer(Io io, Server server) throws IOException {
        try (Stream stream = server.accept(io)) {
            new Reader(stream).transferTo(io, stream);
        }
    }

    /** Starts it from {@link Demo}. */
    @Command(name = "hello", description = "Says hello to itself over TCP: the program of the README.")
    static final class Start extends Example {
        @Override
        protected void run(Io io, IoRuntime runtime) throws IOException {
            hello(io);
        }
    }
}
