package io.amphio.examples.notes;

import io.amphio.Io;
import io.amphio.IoRuntime;
import io.amphio.examples.Service;
import io.amphio.interop.http.HttpOptions;
import io.amphio.interop.http.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command {@code notes}: opens the store, then serves. */
@Command(
        name = "notes",
        description = "A service that keeps notes, with a page to use it from a browser.",
        sortOptions = false)
public final class Notes extends Service {
    // In all within the two seconds that somebody who pressed ^C is willing to wait.
    private static final Duration DRAIN = Duration.ofMillis(700);

    static final HttpOptions HTTP = HttpOptions.DEFAULT
            .withBodyLimitBytes(64 << 10)
            .withRequestTimeout(Duration.ofSeconds(60))
            .withDrainTimeout(DRAIN)
            .withErrors(NotesApi::error);

    @Option(names = "--data", paramLabel = "DIR", description = "Where to keep the notes. Default: in memory only")
    @Nullable
    Path data;

    /** Creates the command; picocli sets its options. */
    public Notes() {}

    @Override
    protected void run(Io io, IoRuntime runtime) throws IOException {
        serve(
                io,
                runtime.blocking(),
                address(),
                data,
                listening -> ready("listening on http://127.0.0.1:" + listening.getPort()));
    }

    /** Serves until the task is canceled. */
    static void serve(
            Io io, Io blocking, InetSocketAddress address, @Nullable Path data, Consumer<InetSocketAddress> ready)
            throws IOException {
        NoteStore store = NoteStore.open(io, blocking, data);
        try (HttpServer server = HttpServer.listen(io, address, new NotesApi(store).routes(), HTTP)) {
            ready.accept(server.localAddress());
            server.serve(io);
        } finally {
            store.close(io);
        }
    }
}
