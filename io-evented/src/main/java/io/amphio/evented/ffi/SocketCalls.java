package io.amphio.evented.ffi;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * {@code recv} and {@code send}, the two calls of every message, by {@link java.lang.foreign} instead of JNA: compiled into their callers, they
 * cost a few nanoseconds more than the kernel does.
 *
 * <p>A call leaves its errno in a cell of memory, which nobody else may use meanwhile. Not one for each thread, as coroutines would have
 * one each and only their carriers need one: a few cells that whoever comes marks as taken. There are twice as many as
 * processors; who finds all of them taken makes one for the call.
 *
 * <p><b>Threads:</b> any.
 */
final class SocketCalls {
    private static final MethodHandle RECV = handle("recv");
    private static final MethodHandle SEND = handle("send");
    private static final MemoryLayout CELL = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CELL.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final int CELLS =
            Integer.highestOneBit(Math.max(1, Runtime.getRuntime().availableProcessors())) * 2;
    private static final int APART = 16; // ints: a line of cache for each mark, and for each cell
    private static final AtomicIntegerArray TAKEN = new AtomicIntegerArray(CELLS * APART);
    private static final MemorySegment[] MEMORY = cells();
    private static final int NO_CELL = -1;

    private SocketCalls() {}

    @SuppressWarnings("restricted") // NativeAccess has looked whether it is allowed
    private static MethodHandle handle(String name) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT),
                Linker.Option.captureCallState("errno"));
    }

    private static MemorySegment[] cells() {
        MemorySegment[] cells = new MemorySegment[CELLS];
        for (int i = 0; i < CELLS; i++) {
            cells[i] = newCell(Arena.global());
        }
        return cells;
    }

    private static MemorySegment newCell(Arena arena) {
        return arena.allocate(Math.max(CELL.byteSize(), (long) APART * Integer.BYTES), (long) APART * Integer.BYTES);
    }

    /** Returns how many bytes, or the negative errno. */
    static long recv(int fd, long buffer, long size, int flags) {
        int taken = take();
        try {
            MemorySegment cell = cell(taken);
            long result = (long) RECV.invokeExact(cell, fd, buffer, size, flags);
            return result >= 0 ? result : -(int) ERRNO.get(cell, 0L);
        } catch (Throwable impossible) {
            throw new AssertionError("recv", impossible);
        } finally {
            give(taken);
        }
    }

    /** Returns how many bytes, or the negative errno. */
    static long send(int fd, long buffer, long size, int flags) {
        int taken = take();
        try {
            MemorySegment cell = cell(taken);
            long result = (long) SEND.invokeExact(cell, fd, buffer, size, flags);
            return result >= 0 ? result : -(int) ERRNO.get(cell, 0L);
        } catch (Throwable impossible) {
            throw new AssertionError("send", impossible);
        } finally {
            give(taken);
        }
    }

    private static MemorySegment cell(int taken) {
        return taken == NO_CELL ? newCell(Arena.ofAuto()) : MEMORY[taken];
    }

    /** Returns the index of a cell that is the caller's until {@link #give}, or {@link #NO_CELL}. */
    private static int take() {
        int start = (int) Thread.currentThread().threadId();
        for (int i = 0; i < CELLS; i++) {
            int cell = (start + i) & (CELLS - 1);
            if (TAKEN.getPlain(cell * APART) == 0 && TAKEN.compareAndSet(cell * APART, 0, 1)) {
                return cell;
            }
        }
        return NO_CELL;
    }

    private static void give(int taken) {
        if (taken != NO_CELL) {
            TAKEN.setRelease(taken * APART, 0);
        }
    }
}
