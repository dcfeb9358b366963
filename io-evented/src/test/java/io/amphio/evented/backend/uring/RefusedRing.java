package io.amphio.evented.backend.uring;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import io.amphio.evented.loop.EventLoop;
import io.amphio.evented.loop.EventLoopOptions;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Has the kernel refuse a system call; as a program, which {@link RefusedRingTest} starts, it opens loops then. */
final class RefusedRing {
    private static final int PR_SET_SECCOMP = 22;
    private static final int PR_SET_NO_NEW_PRIVS = 38;
    private static final int SECCOMP_MODE_FILTER = 2;

    static {
        Native.register(RefusedRing.class, NativeLibrary.getProcess());
    }

    private RefusedRing() {}

    private static native int prctl(int option, long a, long b, long c, long d);

    public static void main(String[] args) throws IOException {
        refuse(Integer.parseInt(args[0]), Integer.parseInt(args[1]));
        System.out.println(new UringProvider().refusal());
        try (EventLoop loop = EventLoop.open()) {
            System.out.println("auto is " + loop.backendName());
            loop.runOnce(0);
        }
        try (EventLoop loop = EventLoop.open(EventLoopOptions.DEFAULT.withBackend("uring"))) {
            System.out.println("opened " + loop);
        } catch (IllegalArgumentException e) {
            System.out.println(e.getMessage());
        }
    }

    /** From now on, this thread's calls of that number fail with {@code errno}. */
    private static void refuse(int number, int errno) {
        int[][] program = {
            {0x20, 0, 0, 0}, // load the number of the call
            {0x15, 0, 1, number}, // if it is this one go on, else skip one
            {0x06, 0, 0, 0x00050000 | errno}, // it fails
            {0x06, 0, 0, 0x7fff0000} // it is made
        };
        install(program);
    }

    /** From now on, this thread's calls of that number fail if an argument (of its low half) has that value. */
    static void refuse(int number, int argument, int value, int errno) {
        install(new int[][] {
            {0x20, 0, 0, 0},
            {0x15, 0, 3, number},
            {0x20, 0, 0, 16 + argument * Long.BYTES}, // load the argument
            {0x15, 0, 1, value},
            {0x06, 0, 0, 0x00050000 | errno},
            {0x06, 0, 0, 0x7fff0000}
        });
    }

    private static void install(int[][] program) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment filter = arena.allocate(8L * program.length, 8);
            for (int i = 0; i < program.length; i++) {
                filter.set(JAVA_SHORT, 8L * i, (short) program[i][0]);
                filter.set(JAVA_BYTE, 8L * i + 2, (byte) program[i][1]);
                filter.set(JAVA_BYTE, 8L * i + 3, (byte) program[i][2]);
                filter.set(JAVA_INT, 8L * i + 4, program[i][3]);
            }
            MemorySegment header = arena.allocate(16, 8);
            header.set(JAVA_SHORT, 0, (short) program.length);
            header.set(ADDRESS, 8, filter);
            check(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
            check(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, header.address(), 0, 0));
        }
    }

    private static void check(int result) {
        if (result != 0) {
            throw new AssertionError("prctl: errno " + Native.getLastError());
        }
    }
}
