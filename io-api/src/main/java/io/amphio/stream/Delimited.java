package io.amphio.stream;

import io.amphio.Io;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Reader} reads up to a delimiter: lines and records. All of one is buffered before any of it is taken, so a failure takes
 * nothing; and no byte is searched twice, however many reads it takes until the delimiter comes.
 *
 * <p><b>Threads:</b> owned by the reading task.
 */
final class Delimited {
    private static final int LARGEST_BYTES = Integer.MAX_VALUE - 64; // a little less than an array can hold

    private final ReadBuffer buffer;

    Delimited(ReadBuffer buffer) {
        this.buffer = buffer;
    }

    /** Reads a line without its LF or CR LF; null at the end of the stream. */
    @Nullable
    String line(Io io, int limitBytes, Charset charset) throws IOException {
        Reader.requireNotNegative("a limit", limitBytes);
        int limit = Math.min(limitBytes, LARGEST_BYTES);
        int found = find(io, (byte) '\n', limit + 2);
        if (found < 0 && buffer.size() == 0) {
            return null;
        }
        int length = found < 0 ? buffer.size() : found;
        if (found > 0 && found < limit + 2 && buffer.at(found - 1) == '\r') {
            length--;
        }
        if (length > limit) {
            throw new LimitExceededException("readLine: no end of line within " + limit + " bytes, the limit");
        }
        return buffer.takeText(length, found < 0 ? 0 : found + 1 - length, charset);
    }

    /** Reads a record without its delimiter; null at the end of the stream. */
    byte @Nullable [] record(Io io, byte delimiter, int limitBytes) throws IOException {
        Reader.requireNotNegative("a limit", limitBytes);
        int limit = Math.min(limitBytes, LARGEST_BYTES);
        int found = find(io, delimiter, limit + 1);
        if (found < 0 && buffer.size() == 0) {
            return null;
        }
        int length = found < 0 ? buffer.size() : found;
        if (length > limit) {
            throw new LimitExceededException(
                    "readUntil " + (delimiter & 0xff) + ": no delimiter within " + limit + " bytes, the limit");
        }
        return buffer.take(length, found < 0 ? 0 : 1);
    }

    /** Reads a record without its delimiter of several bytes; null at the end of the stream. */
    byte @Nullable [] record(Io io, byte[] delimiter, int limitBytes) throws IOException {
        Reader.requireNotNegative("a limit", limitBytes);
        if (delimiter.length == 0) {
            throw new IllegalArgumentException("readUntil: the delimiter is empty");
        }
        int limit = Math.min(limitBytes, LARGEST_BYTES - delimiter.length);
        int searched = 0;
        while (true) {
            int found = buffer.indexOf(delimiter, searched);
            if (found >= 0 && found <= limit) {
                return buffer.take(found, delimiter.length);
            }
            if (found >= 0 || buffer.size() >= limit + delimiter.length) {
                throw new LimitExceededException("readUntil: no delimiter within " + limit + " bytes, the limit");
            }
            searched = Math.max(0, buffer.size() - delimiter.length + 1); // it may have begun to come
            if (!buffer.more(io, buffer.size() + 1)) {
                return endWithin(limit);
            }
        }
    }

    private byte @Nullable [] endWithin(int limit) throws LimitExceededException {
        if (buffer.size() > limit) {
            throw new LimitExceededException("readUntil: no delimiter within " + limit + " bytes, the limit");
        }
        return buffer.size() == 0 ? null : buffer.take(buffer.size(), 0);
    }

    /** Buffers a record with its delimiter, and returns it where it is. */
    ByteBuffer peekThrough(Io io, byte delimiter, int limitBytes) throws IOException {
        Reader.requireNotNegative("a limit", limitBytes);
        int limit = Math.min(limitBytes, LARGEST_BYTES - 1);
        int found = find(io, delimiter, limit + 1); // one more: as many as the limit are right if the stream ends there
        int length = found < 0 ? buffer.size() : found + 1;
        if (length > limit) {
            throw new LimitExceededException(
                    "peekThrough " + (delimiter & 0xff) + ": no delimiter within " + limit + " bytes, the limit");
        }
        return buffer.view(length);
    }

    /** Drops a record with its delimiter, however long it is; returns whether the delimiter came. */
    boolean skipThrough(Io io, byte delimiter) throws IOException {
        long skipped = 0;
        try {
            while (buffer.has(io, 1)) {
                int found = buffer.indexOf(delimiter, 0);
                int dropped = found < 0 ? buffer.size() : found + 1;
                buffer.drop(dropped);
                skipped += dropped;
                if (found >= 0) {
                    return true;
                }
            }
            return false;
        } catch (IOException | RuntimeException failure) {
            Transferred.noteOn(failure, "skipThrough", skipped, -1);
            throw failure;
        }
    }

    /** Buffers until {@code wanted} is there: its index; or {@code window} if it is not in that many; or -1 at the end. */
    private int find(Io io, byte wanted, int window) throws IOException {
        int searched = 0;
        while (true) {
            int found = buffer.indexOf(wanted, searched);
            if (found >= 0) {
                return Math.min(found, window);
            }
            searched = buffer.size();
            if (searched >= window) {
                return window;
            }
            if (!buffer.more(io, searched + 1)) {
                return -1;
            }
        }
    }
}
