package io.amphio.stream;

import io.amphio.CanceledException;
import io.amphio.Io;
import io.amphio.TimedOutException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.Random;

/** Ends of a stream that transfer few bytes at a time and fail now and then, by chance of a seed. */
final class Scripted {
    /** Readers and writers only pass it on; what asks more of it than its default methods fails. */
    static final Io NO_IO =
            (Io) Proxy.newProxyInstance(Io.class.getClassLoader(), new Class<?>[] {Io.class}, (proxy, method, args) -> {
                if (method.isDefault()) {
                    return InvocationHandler.invokeDefault(proxy, method, args);
                }
                throw new UnsupportedOperationException(method.toString());
            });

    private Scripted() {}

    /** Throws, one time in {@code oneIn}; never if that is zero. */
    static void maybeFail(Random random, int oneIn) throws IOException {
        if (oneIn == 0 || random.nextInt(oneIn) != 0) {
            return;
        }
        switch (random.nextInt(3)) {
            case 0 -> throw new CanceledException();
            case 1 -> throw new TimedOutException("scripted");
            default -> throw new IOException("scripted");
        }
    }

    /** The bytes of an array. */
    static final class Source implements Readable {
        private final byte[] data;
        private final Random random;
        private final int failsOneIn;
        private int position;
        int largestRead;

        Source(byte[] data, Random random, int failsOneIn) {
            this.data = data;
            this.random = random;
            this.failsOneIn = failsOneIn;
        }

        @Override
        public int read(Io io, ByteBuffer target) throws IOException {
            maybeFail(random, failsOneIn);
            if (!target.hasRemaining()) {
                return 0;
            }
            if (position == data.length) {
                return -1;
            }
            int most = Math.min(target.remaining(), data.length - position);
            int count = random.nextInt(4) == 0 ? most : 1 + random.nextInt(Math.min(most, 5));
            target.put(data, position, count);
            position += count;
            largestRead = Math.max(largestRead, count);
            return count;
        }
    }

    /** Collects what is written. */
    static final class Sink implements Writable {
        final ByteArrayOutputStream written = new ByteArrayOutputStream();
        private final Random random;
        private final int failsOneIn;
        int writes;

        Sink(Random random, int failsOneIn) {
            this.random = random;
            this.failsOneIn = failsOneIn;
        }

        @Override
        public int write(Io io, ByteBuffer source) throws IOException {
            return (int) write(io, new ByteBuffer[] {source});
        }

        @Override
        public long write(Io io, ByteBuffer... sources) throws IOException {
            maybeFail(random, failsOneIn);
            writes++;
            int all = 0;
            for (ByteBuffer source : sources) {
                all += source.remaining();
            }
            int quota =
                    failsOneIn == 0 || random.nextInt(4) == 0 || all == 0 ? all : 1 + random.nextInt(Math.min(all, 5));
            int left = quota;
            for (ByteBuffer source : sources) {
                byte[] some = new byte[Math.min(left, source.remaining())];
                source.get(some);
                written.writeBytes(some);
                left -= some.length;
            }
            return quota;
        }
    }
}
