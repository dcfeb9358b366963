package io.amphio.evented;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Ways in which a task keeps the thread of its loop: each says that it is there, and ends when it is let go. */
enum Pins {
    CLASS_INITIALIZER {
        @Override
        void hold(CountDownLatch there, CountDownLatch go) throws Exception {
            meeting = new Meeting(there, go);
            switch (used.getAndIncrement()) {
                case 0 -> Slow0.touch();
                case 1 -> Slow1.touch();
                case 2 -> Slow2.touch();
                case 3 -> Slow3.touch();
                case 4 -> Slow4.touch();
                default -> throw new AssertionError("a class is initialised once: write one more");
            }
        }
    },
    NATIVE_FRAME {
        @Override
        void hold(CountDownLatch there, CountDownLatch go) throws Exception {
            underQsort(there, go);
        }
    },
    COMPUTATION {
        @Override
        void hold(CountDownLatch there, CountDownLatch go) {
            there.countDown();
            while (go.getCount() > 0) {
                Thread.onSpinWait();
            }
        }
    };

    abstract void hold(CountDownLatch there, CountDownLatch go) throws Exception;

    private static void meet(CountDownLatch there, CountDownLatch go) {
        there.countDown();
        try {
            go.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private record Meeting(CountDownLatch there, CountDownLatch go) {}

    private static final AtomicInteger used = new AtomicInteger();
    private static volatile Meeting meeting = new Meeting(new CountDownLatch(1), new CountDownLatch(0));

    private static void inInitializer() {
        meet(meeting.there, meeting.go);
    }

    private static final class Slow0 {
        static {
            inInitializer();
        }

        static void touch() {}
    }

    private static final class Slow1 {
        static {
            inInitializer();
        }

        static void touch() {}
    }

    private static final class Slow2 {
        static {
            inInitializer();
        }

        static void touch() {}
    }

    private static final class Slow3 {
        static {
            inInitializer();
        }

        static void touch() {}
    }

    private static final class Slow4 {
        static {
            inInitializer();
        }

        static void touch() {}
    }

    @SuppressWarnings("restricted") // native access is what this is about
    private static void underQsort(CountDownLatch there, CountDownLatch go) throws Exception {
        Linker linker = Linker.nativeLinker();
        MethodHandle qsort = linker.downcallHandle(
                linker.defaultLookup().find("qsort").orElseThrow(),
                FunctionDescriptor.ofVoid(
                        ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS));
        MethodHandle compare = MethodHandles.lookup()
                .findStatic(
                        Pins.class,
                        "compare",
                        MethodType.methodType(
                                int.class,
                                CountDownLatch.class,
                                CountDownLatch.class,
                                MemorySegment.class,
                                MemorySegment.class));
        compare = MethodHandles.insertArguments(compare, 0, there, go);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment callback = linker.upcallStub(
                    compare,
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS),
                    arena);
            MemorySegment two = arena.allocate(8, 4);
            qsort.invoke(two, 2L, 4L, callback);
        } catch (Exception | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    @SuppressWarnings("UnusedMethod") // qsort calls it
    private static int compare(CountDownLatch there, CountDownLatch go, MemorySegment a, MemorySegment b) {
        meet(there, go);
        return 0;
    }
}
