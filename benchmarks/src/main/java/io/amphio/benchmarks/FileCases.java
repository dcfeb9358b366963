package io.amphio.benchmarks;

import io.amphio.Batch;
import io.amphio.InFlight;
import io.amphio.Io;
import io.amphio.fs.File;
import io.amphio.fs.OpenOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.IdentityHashMap;
import java.util.Objects;

/** Reads of a file that the page cache holds, by one task. */
final class FileCases {
    private FileCases() {}

    /** Random reads of a block each, so many in flight at once. */
    static void random(Io io, TestFile test, int reads, int depth) throws IOException {
        try (File file = io.fs().open(io, test.path(), OpenOptions.reading())) {
            long sum = depth == 1 ? oneByOne(io, file, test, reads) : batched(io, file, test, reads, depth);
            Case.check("blocks", test.sum(reads), sum);
        }
    }

    private static long oneByOne(Io io, File file, TestFile test, int reads) throws IOException {
        ByteBuffer block = io.buffers().take(TestFile.BLOCK_BYTES);
        long sum = 0;
        for (int i = 0; i < reads; i++) {
            file.readAt(io, block.clear(), (long) test.block(i) * TestFile.BLOCK_BYTES);
            sum += block.getInt(0);
        }
        io.buffers().give(block);
        return sum;
    }

    private static long batched(Io io, File file, TestFile test, int reads, int depth) throws IOException {
        long sum = 0;
        try (Batch batch = new Batch()) {
            IdentityHashMap<InFlight<?>, ByteBuffer> blocks = new IdentityHashMap<>();
            int begun = 0;
            for (; begun < Math.min(depth, reads); begun++) {
                ByteBuffer block = io.buffers().take(TestFile.BLOCK_BYTES);
                blocks.put(batch.read(file, block, position(test, begun)), block);
            }
            batch.submit(io);
            for (var next = batch.next(io); next.isDefined(); next = batch.next(io)) {
                do { // all that has ended, so that what follows is submitted together
                    InFlight<?> ended = next.get();
                    ByteBuffer block = Objects.requireNonNull(blocks.remove(ended));
                    ended.get();
                    sum += block.getInt(0);
                    if (begun < reads) {
                        blocks.put(batch.read(file, block.clear(), position(test, begun++)), block);
                    } else {
                        io.buffers().give(block);
                    }
                    next = batch.tryNext();
                } while (next.isDefined());
                batch.submit(io);
            }
        }
        return sum;
    }

    private static long position(TestFile test, int read) {
        return (long) test.block(read) * TestFile.BLOCK_BYTES;
    }

    /** All of the file, a mebibyte at a time. */
    static void sequential(Io io, TestFile test) throws IOException {
        ByteBuffer blocks = io.buffers().take(TestFile.BLOCK_BYTES * TestFile.BLOCKS_AT_ONCE);
        long sum = 0;
        try (File file = io.fs().open(io, test.path(), OpenOptions.reading())) {
            long position = 0;
            while (file.readAt(io, blocks.clear(), position) >= 0) {
                while (blocks.hasRemaining()) {
                    if (file.readAt(io, blocks, position + blocks.position()) < 0) {
                        throw new IOException("the file ends in the middle of a block");
                    }
                }
                sum += blocks.getInt(0);
                position += blocks.capacity();
            }
        }
        io.buffers().give(blocks);
        Case.check("blocks", test.sequentialSum(), sum);
    }
}
