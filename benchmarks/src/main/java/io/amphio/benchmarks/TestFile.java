package io.amphio.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * The file that is read: 4 KiB blocks that begin with their own number, so that a read from a wrong place shows.
 *
 * @param path where it is
 * @param blocks how many blocks it has
 */
public record TestFile(Path path, int blocks) {
    /** The size of a block. */
    public static final int BLOCK_BYTES = 4 << 10;

    /** How many blocks a sequential read takes at once. */
    public static final int BLOCKS_AT_ONCE = 256;

    private static final int FULL_BLOCKS = 256 * BLOCKS_AT_ONCE; // 256 MiB

    /** Returns the file that the arguments name, and makes it if it is not there. */
    public static TestFile of(Arguments arguments, Case which) throws IOException {
        int blocks = Math.max(BLOCKS_AT_ONCE, which.scaled(FULL_BLOCKS) / BLOCKS_AT_ONCE * BLOCKS_AT_ONCE);
        Path path = Path.of(arguments.get("file", "target/blocks-" + blocks + ".bin"));
        if (!Files.exists(path) || Files.size(path) != (long) blocks * BLOCK_BYTES) {
            write(path, blocks);
        }
        return new TestFile(path, blocks);
    }

    private static void write(Path path, int blocks) throws IOException {
        Path made = path.resolveSibling(path.getFileName() + ".part");
        ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);
        try (FileChannel out = FileChannel.open(
                made, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            for (int i = 0; i < blocks; i++) {
                block.clear().putInt(0, i);
                while (block.hasRemaining()) {
                    out.write(block);
                }
            }
        }
        Files.move(made, path, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Returns the block of the n-th random read: the same for all engines. */
    public int block(int n) {
        int mixed = n * 0x9E3779B9;
        return (int) (((mixed & 0xffffffffL) * blocks) >>> 32);
    }

    /** Returns what the numbers of the blocks of so many random reads add up to. */
    public long sum(int reads) {
        long sum = 0;
        for (int i = 0; i < reads; i++) {
            sum += block(i);
        }
        return sum;
    }

    /** Returns what the numbers of the blocks that begin a sequential read add up to. */
    public long sequentialSum() {
        long reads = blocks / BLOCKS_AT_ONCE;
        return BLOCKS_AT_ONCE * reads * (reads - 1) / 2;
    }
}
