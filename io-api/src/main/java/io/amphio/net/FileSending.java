package io.amphio.net;

import io.amphio.Io;
import io.amphio.fs.File;
import io.amphio.stream.Transferred;
import java.io.IOException;
import java.nio.ByteBuffer;

/** For implementers: {@link Stream#sendFile} as steps, of which the last to fail says how far all came. */
public final class FileSending {
    private static final int PORTION_BYTES = 128 << 10;

    private FileSending() {}

    /** Sends a part. */
    @FunctionalInterface
    public interface Step {
        /**
         * Sends at least one byte.
         *
         * @param position of the first in the file
         * @param most how many bytes at most, 1 or more
         * @param sent to be told how many were sent, also before it throws
         * @return false at the end of the file
         */
        boolean run(long position, long most, Sent sent) throws IOException;
    }

    /** Counts what was sent. Not shared by threads that run at once. */
    public static final class Sent {
        private long bytes;

        private Sent() {}

        /** Adds {@code count} bytes. */
        public void add(long count) {
            bytes += count;
        }
    }

    /**
     * Runs steps until all is sent, or the file ends.
     *
     * @param position in the file, 0 or more
     * @param limit how many bytes at most, 0 or more
     * @return how many bytes were sent
     * @throws IOException what a step threw, with a note of how many bytes were sent
     */
    public static long run(File file, long position, long limit, Step step) throws IOException {
        if (position < 0 || limit < 0) {
            throw new IllegalArgumentException(
                    "send " + limit + " bytes of " + file.path() + " from position " + position);
        }
        Sent sent = new Sent();
        try {
            boolean more = true;
            while (more && sent.bytes < limit) {
                more = step.run(position + sent.bytes, limit - sent.bytes, sent);
            }
            return sent.bytes;
        } catch (IOException | RuntimeException failure) {
            Transferred.noteOn(failure, "sendFile", sent.bytes, limit == Long.MAX_VALUE ? -1 : limit);
            throw failure;
        }
    }

    /** Sends by reading and writing: what any stream can do with the file of any {@code Io}. */
    static long copy(Io io, Stream stream, File file, long position, long limit) throws IOException {
        ByteBuffer portion = ByteBuffer.allocate((int) Math.min(limit, PORTION_BYTES));
        return run(file, position, limit, (from, most, sent) -> {
            portion.clear().limit((int) Math.min(most, portion.capacity()));
            if (file.readAt(io, portion, from) < 0) {
                return false;
            }
            portion.flip();
            try {
                while (portion.hasRemaining()) {
                    stream.write(io, portion);
                }
            } finally {
                sent.add(portion.position());
            }
            return true;
        });
    }
}
