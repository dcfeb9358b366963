package io.amphio.examples;

import io.amphio.CanceledException;
import io.amphio.Group;
import io.amphio.Io;
import io.amphio.IoRuntime;
import io.amphio.Placement;
import io.amphio.TaskOptions;
import io.amphio.TimedOutException;
import io.amphio.net.Server;
import io.amphio.net.Stream;
import io.amphio.stream.Reader;
import java.io.IOException;
import java.time.Duration;
import picocli.CommandLine.Command;

/** A TCP server that sends back what it is sent, until the client closes its end. */
@Command(name = "echo", description = "A TCP server that sends back what it is sent.", sortOptions = false)
final class Echo extends Service {
    private static final Duration GRACE = Duration.ofMillis(500);

    @Override
    protected void run(Io io, IoRuntime runtime) throws IOException {
        try (Server server = io.net().listen(address())) {
            ready("listening on 127.0.0.1:" + server.localAddress().getPort());
            serve(io, server);
        }
    }

    /** Accepts connections until the task is canceled; then the group cancels those that are open, and waits for them. */
    static void serve(Io io, Server server) throws IOException {
        try (Group connections = new Group()) {
            while (true) {
                Stream stream = server.accept(io);
                TaskOptions options =
                        TaskOptions.named("echo " + stream.remoteAddress()).withPlacement(Placement.SPREAD);
                if (connections.concurrent(io, options, () -> echo(io, stream)).isLeft()) {
                    stream.close(); // as many as can be
                }
            }
        }
    }

    private static void echo(Io io, Stream stream) {
        try (stream) {
            Reader reader = new Reader(stream);
            try {
                reader.transferTo(io, stream);
                stream.shutdownOutput();
            } catch (CanceledException stopping) {
                // What was read and not yet written is still in the reader: nothing that was sent to us is kept.
                io.withTimeout(GRACE, () -> stream.writeAll(io, reader.peek(io, 0)));
                throw stopping;
            }
        } catch (IOException | TimedOutException gone) {
            // The client's business, and nobody else's.
        }
    }
}
