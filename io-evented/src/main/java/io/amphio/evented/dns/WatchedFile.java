package io.amphio.evented.dns;

import io.amphio.Io;
import io.amphio.fs.File;
import io.amphio.fs.OpenOptions;
import io.amphio.sync.Mutex;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a small text file says, which may change at any time: it is read again when somebody asks a second after it was read last, and
 * parsed again if it is another one.
 *
 * <p>One task reads at a time, and those that ask meanwhile wait for it. One that is not there says nothing.
 *
 * <p><b>Threads:</b> any.
 *
 * @param <T> what it says
 */
final class WatchedFile<T> {
    static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int MOST_BYTES = 16 << 20;

    private final Io owner;
    private final Path path;
    private final Function<String, T> parser;
    private final Mutex reading = new Mutex();
    private volatile @Nullable Known<T> known; // written by who holds reading

    private record Known<T>(String text, T parsed, long atNanos) {}

    WatchedFile(Io owner, Path path, Function<String, T> parser) {
        this.owner = owner;
        this.path = path;
        this.parser = parser;
    }

    /** Returns what it says. A cancellation point if it has to be read. */
    T get(Io io, long nowNanos) throws IOException {
        Known<T> fresh = fresh(nowNanos);
        if (fresh != null) {
            return fresh.parsed;
        }
        reading.lock(io);
        try {
            fresh = fresh(nowNanos); // read while we waited
            if (fresh == null) {
                Known<T> before = known;
                String text = read(io);
                T parsed = before != null && before.text.equals(text) ? before.parsed : parser.apply(text);
                fresh = new Known<>(text, parsed, nowNanos);
                known = fresh;
            }
            return fresh.parsed;
        } finally {
            reading.unlock();
        }
    }

    private @Nullable Known<T> fresh(long nowNanos) {
        Known<T> seen = known;
        return seen != null && nowNanos - seen.atNanos < FRESH_NANOS ? seen : null;
    }

    private String read(Io io) throws IOException {
        try (File file = owner.fs().open(io, path, OpenOptions.reading())) {
            ByteBuffer bytes = ByteBuffer.allocate(4 << 10);
            while (file.readAt(io, bytes, bytes.position()) >= 0) {
                if (!bytes.hasRemaining()) {
                    if (bytes.capacity() >= MOST_BYTES) {
                        throw new IOException("read " + path + ": it has more than " + MOST_BYTES + " bytes");
                    }
                    bytes = ByteBuffer.allocate(4 * bytes.capacity()).put(bytes.flip());
                }
            }
            return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
        } catch (NoSuchFileException none) {
            return "";
        }
    }
}
