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

/**
 * {@code recv} and {@code send}, the two calls of every message, by {@link java.lang.foreign} instead of JNA: compiled into their callers,
 * they cost a few nanoseconds more than the kernel does. Each is written out, as its handle must be a constant for that.
 *
 * <p>A call leaves its errno in a cell of memory, which nobody else may use meanwhile.
 *
 * <p><b>Threads:</b> any.
 */
final class SocketCalls {
    private static final MethodHandle RECV = handle("recv");
    private static final MethodHandle SEND = handle("send");
    private static final MemoryLayout CELL = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CELL.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final long LINE_OF_CACHE = 64;
    private static final Spares<MemorySegment> CELLS =
            new Spares<>(() -> Arena.ofAuto().allocate(Math.max(CELL.byteSize(), LINE_OF_CACHE), LINE_OF_CACHE));

    private SocketCalls() {}

    @SuppressWarnings("restricted") // NativeAccess has looked whether it is allowed
    private static MethodHandle handle(String name) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT),
                Linker.Option.captureCallState("errno"));
    }

    /** Returns how many bytes, or the negative errno. */
    static long recv(int fd, long buffer, long size, int flags) {
        MemorySegment cell = CELLS.take();
        try {
            return result((long) RECV.invokeExact(cell, fd, buffer, size, flags), cell);
        } catch (Throwable impossible) {
            throw new AssertionError("recv", impossible);
        } finally {
            CELLS.give(cell);
        }
    }

    /** Returns how many bytes, or the negative errno. */
    static long send(int fd, long buffer, long size, int flags) {
        MemorySegment cell = CELLS.take();
        try {
            return result((long) SEND.invokeExact(cell, fd, buffer, size, flags), cell);
        } catch (Throwable impossible) {
            throw new AssertionError("send", impossible);
        } finally {
            CELLS.give(cell);
        }
    }

    private static long result(long told, MemorySegment cell) {
        return told >= 0 ? told : -(int) ERRNO.get(cell, 0L);
    }
}
