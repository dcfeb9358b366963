package io.amphio.benchmarks.peers;

import io.amphio.benchmarks.Arguments;
import io.amphio.benchmarks.Case;
import io.amphio.benchmarks.Rounds;
import io.amphio.benchmarks.TestFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.CompletionHandler;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The JDK's files, {@code how=async|virtual|pool}: AsynchronousFileChannel, or FileChannel on threads of one kind or the other. */
public final class JdkFiles {
    private JdkFiles() {}

    /** Runs the case that the arguments name. */
    public static void main(String[] args) throws Exception {
        Arguments arguments = Arguments.of(args);
        Case which = Case.of(arguments);
        TestFile test = TestFile.of(arguments, which);
        int reads = which.scaled(20_000);
        String how = arguments.get("how", "async");
        if (which.kind().equals("file_sequential")) {
            Rounds.measure(arguments, which, "jdk", () -> sequential(test));
        } else if (how.equals("async")) { // twice as many in flight as ours: what its users do
            int depth = which.number(0) == 1 ? 1 : 2 * which.number(0);
            try (AsynchronousFileChannel file = AsynchronousFileChannel.open(test.path())) {
                Rounds.measure(arguments, which, "jdk_async", () -> async(file, test, reads, depth));
            }
        } else {
            int threads = which.number(0);
            try (ExecutorService executor = how.equals("pool")
                            ? Executors.newFixedThreadPool(threads)
                            : Executors.newVirtualThreadPerTaskExecutor();
                    FileChannel file = FileChannel.open(test.path())) {
                Rounds.measure(arguments, which, "jdk_" + how, () -> threads(executor, file, test, reads, threads));
            }
        }
    }

    private static void async(AsynchronousFileChannel file, TestFile test, int reads, int depth)
            throws InterruptedException {
        AtomicInteger next = new AtomicInteger();
        AtomicLong sum = new AtomicLong();
        CountDownLatch left = new CountDownLatch(depth);
        for (int i = 0; i < depth; i++) {
            ByteBuffer block = ByteBuffer.allocateDirect(TestFile.BLOCK_BYTES);
            CompletionHandler<Integer, Boolean> handler = new CompletionHandler<>() {
                @Override
                public void completed(Integer count, Boolean isRead) {
                    if (isRead) {
                        sum.addAndGet(block.getInt(0));
                    }
                    int n = next.getAndIncrement();
                    if (n < reads) {
                        file.read(block.clear(), (long) test.block(n) * TestFile.BLOCK_BYTES, true, this);
                    } else {
                        left.countDown();
                    }
                }

                @Override
                public void failed(Throwable failure, Boolean isRead) {
                    sum.set(Long.MIN_VALUE);
                    left.countDown();
                }
            };
            handler.completed(0, false);
        }
        left.await();
        Case.check("blocks", test.sum(reads), sum.get());
    }

    private static void threads(ExecutorService executor, FileChannel file, TestFile test, int reads, int threads)
            throws Exception {
        AtomicInteger next = new AtomicInteger();
        List<Future<Long>> futures = new ArrayList<>(threads);
        for (int i = 0; i < threads; i++) {
            futures.add(executor.submit(() -> {
                ByteBuffer block = ByteBuffer.allocateDirect(TestFile.BLOCK_BYTES);
                long sum = 0;
                for (int n = next.getAndIncrement(); n < reads; n = next.getAndIncrement()) {
                    file.read(block.clear(), (long) test.block(n) * TestFile.BLOCK_BYTES);
                    sum += block.getInt(0);
                }
                return sum;
            }));
        }
        long sum = 0;
        for (Future<Long> future : futures) {
            sum += future.get();
        }
        Case.check("blocks", test.sum(reads), sum);
    }

    private static void sequential(TestFile test) throws IOException {
        ByteBuffer blocks = ByteBuffer.allocateDirect(TestFile.BLOCK_BYTES * TestFile.BLOCKS_AT_ONCE);
        long sum = 0;
        try (FileChannel file = FileChannel.open(test.path())) {
            while (file.read(blocks.clear()) >= 0) {
                sum += blocks.getInt(0);
            }
        }
        Case.check("blocks", test.sequentialSum(), sum);
    }
}
