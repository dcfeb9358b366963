package io.amphio.examples;

import io.amphio.Group;
import io.amphio.Io;
import io.amphio.IoRuntime;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.fs.File;
import io.amphio.fs.OpenOptions;
import io.amphio.interop.http.ClientResponse;
import io.amphio.stream.Reader;
import io.amphio.stream.Writable;
import io.amphio.sync.Mutex;
import io.amphio.sync.Semaphore;
import io.amphio.tls.Tls;
import io.amphio.tls.TlsOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Fetches pages at once: names, connections that race, TLS, bodies with and without a length, redirections, one deadline for all. */
@Command(
        name = "fetch",
        description = "Fetches pages at once, by HTTP and HTTPS. Exit code 1: one or more could not be fetched.",
        sortOptions = false)
final class Fetch extends Example {
    private static final int BUFFER_BYTES = 64 << 10;
    private static final int CERTIFICATES_LIMIT_BYTES = 1 << 20;

    @Parameters(paramLabel = "URL", arity = "1..*", description = "What to fetch.")
    List<String> urls = List.of();

    @Option(
            names = "--output",
            paramLabel = "DIR",
            description = "Where to keep what was fetched. Default: it goes to stdout, one after the other")
    @Nullable
    Path output;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "How long all of it may take. Default: ${DEFAULT-VALUE}")
    double timeoutSeconds;

    @Option(
            names = "--parallel",
            paramLabel = "N",
            defaultValue = "8",
            description = "How many are fetched at once. Default: ${DEFAULT-VALUE}")
    int parallel;

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            description = "Certificates (PEM) to trust besides those that the JDK trusts.")
    @Nullable
    Path authority;

    PrintStream out = System.out;
    PrintStream err = System.err;

    private final Mutex stdout = new Mutex(); // one page at a time; the servers of the others wait meanwhile
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private TlsOptions tls = TlsOptions.DEFAULT;

    @Override
    protected void run(Io io, IoRuntime runtime) throws IOException {
        if (!(timeoutSeconds > 0 && timeoutSeconds < 1e9) || parallel < 1) {
            throw wrongOption("--timeout and --parallel: above zero");
        }
        Map<URI, String> names = new HashMap<>();
        List<URI> all = urls.stream().map(this::uri).distinct().toList();
        all.forEach(uri -> names.put(uri, unused(fileName(uri), names)));
        exitWith(130); // as a shell says of who was interrupted
        prepare(io);
        Timeout timeout = Timeout.at(io.clock().deadlineAfter(Duration.ofNanos((long) (timeoutSeconds * 1e9))));
        Semaphore free = new Semaphore(parallel);
        try (Group showing = new Group();
                Group fetching = new Group()) {
            Progress.show(io, showing, () -> done + " of " + all.size() + " done, " + bytes + " bytes");
            for (URI uri : all) {
                fetching.concurrent(io, () -> fetch(io, free, timeout, uri, names.getOrDefault(uri, "page")))
                        .getOrElseThrow(none -> none.asException());
            }
            fetching.await(io);
        }
        exitWith(failed.get() == 0 ? 0 : 1);
    }

    private URI uri(String text) {
        try {
            URI uri = URI.create(text);
            if (Page.isHttp(uri)) {
                return uri;
            }
        } catch (IllegalArgumentException malformed) {
            throw wrongOption(malformed.getMessage());
        }
        throw wrongOption(text + ": not a URL of http:// or https:// and a host");
    }

    /** Returns the last part of the path, without what a file system might take for something else. */
    private static String fileName(URI uri) {
        String path = uri.getPath() == null ? "" : uri.getPath();
        String name = path.substring(path.lastIndexOf('/') + 1).replaceAll("[^A-Za-z0-9._-]", "_");
        name = name.substring(0, Math.min(name.length(), 100));
        return name.isEmpty() || name.startsWith(".") ? "index.html" : name;
    }

    private static String unused(String name, Map<URI, String> names) {
        String free = name;
        for (int i = 2; names.containsValue(free); i++) {
            free = i + "-" + name;
        }
        return free;
    }

    private void prepare(Io io) throws IOException {
        Path directory = output;
        if (directory != null) {
            io.<IOException>call(io, () -> {
                Files.createDirectories(directory);
            });
        }
        if (authority != null) {
            try (File file = io.fs().open(io, authority, OpenOptions.reading())) {
                byte[] pem = new Reader(new FileSource(file)).readAll(io, CERTIFICATES_LIMIT_BYTES);
                tls = TlsOptions.of(Tls.context(null, new char[0], Trust.withAdded(pem)));
            } catch (GeneralSecurityException unusable) {
                throw new IOException("--ca " + authority + ": " + unusable.getMessage(), unusable);
            }
        }
    }

    // ---------------------------------------------------------------- one page

    private void fetch(Io io, Semaphore free, Timeout timeout, URI uri, String name) {
        long start = io.clock().nanoTime();
        try {
            long size = io.<Long, IOException>withTimeout(timeout, () -> {
                free.acquire(io);
                try {
                    try (Page page = Page.open(io, uri, tls)) {
                        return keep(io, page.response(), name);
                    }
                } finally {
                    free.release();
                }
            });
            long millis = (io.clock().nanoTime() - start) / 1_000_000;
            err.println("fetch: " + uri + ": " + size + " bytes in " + millis + " ms");
        } catch (IOException refused) {
            failed.incrementAndGet();
            err.println("fetch: " + uri + ": " + refused.getMessage());
        } catch (TimedOutException late) {
            failed.incrementAndGet();
            err.println("fetch: " + uri + ": not done within " + timeoutSeconds + " s");
        } finally {
            done.incrementAndGet();
        }
    }

    // ---------------------------------------------------------------- what becomes of a body

    private long keep(Io io, ClientResponse response, String name) throws IOException {
        if (output == null) {
            stdout.lock(io);
            try {
                Writable to = Writable.to(out);
                // A stdout that nobody reads blocks a thread, and no event loop.
                return copy(io, response, (piece, _) -> io.<IOException>call(io, () -> to.writeAll(io, piece)));
            } finally {
                stdout.unlock();
                out.flush();
            }
        }
        Path file = output.resolve(name);
        Path part = output.resolve(name + ".part");
        boolean whole = false;
        try (File opened = io.fs().open(io, part, OpenOptions.writing().create().truncate())) {
            long size = copy(io, response, (piece, position) -> {
                for (long at = position; piece.hasRemaining(); ) {
                    at += opened.writeAt(io, piece, at);
                }
            });
            io.<IOException>call(io, () -> {
                Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
            });
            whole = true;
            return size;
        } finally {
            if (!whole) {
                delete(part);
            }
        }
    }

    /** Takes the first piece of a body, then the next. */
    private interface Target {
        void write(ByteBuffer piece, long position) throws IOException;
    }

    private long copy(Io io, ClientResponse response, Target target) throws IOException {
        ByteBuffer buffer = io.buffers().take(BUFFER_BYTES);
        try {
            long size = 0;
            while (response.read(io, buffer.clear()) >= 0) {
                int count = buffer.flip().remaining();
                target.write(buffer, size);
                size += count;
                bytes.addAndGet(count);
            }
            return size;
        } finally {
            io.buffers().give(buffer);
        }
    }

    /** Deletes what is incomplete: at once, as a canceled task has no wait left to do it in. */
    private static void delete(Path part) {
        try {
            Files.deleteIfExists(part);
        } catch (IOException stays) {
            System.err.println("fetch: " + part + " is left, incomplete: " + stays.getMessage());
        }
    }
}
