package io.amphio.evented.ffi;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import org.jspecify.annotations.Nullable;

/**
 * kqueue, with the conventions of {@link LibC}: that of the system on macOS and FreeBSD. On Linux that of a library which the
 * environment variable {@value #VARIABLE} names, to try a backend there that was made for others.
 *
 * <p><b>Threads:</b> any. Only where {@link #refusal} is null.
 */
public final class KqueueLibC {
    /** Names the library on Linux. */
    public static final String VARIABLE = "KQUEUE_LIBRARY";

    private static final @Nullable String REFUSAL = bind(System.getenv(VARIABLE));

    private KqueueLibC() {}

    /**
     * Returns why kqueue cannot be called.
     *
     * @return the reason; null if it can
     */
    public static @Nullable String refusal() {
        return REFUSAL;
    }

    private static @Nullable String bind(@Nullable String library) {
        String refusal = NativeAccess.refusal();
        if (refusal != null) {
            return refusal;
        }
        try {
            if (!Abi.require().isLinux()) {
                Native.register(KqueueNatives.class, NativeLibrary.getProcess());
            } else if (library != null) {
                Native.register(KqueueNatives.class, NativeLibrary.getInstance(library));
            } else {
                return "Linux has no kqueue, and " + VARIABLE + " names no library";
            }
            return null;
        } catch (LinkageError | RuntimeException e) {
            return "kqueue cannot be bound: " + e.getMessage();
        }
    }

    /**
     * Opens a kqueue. Programs that are started do not inherit it.
     *
     * @return its descriptor, or the negative errno
     */
    public static int kqueue() {
        return LibC.result(KqueueNatives.kqueue());
    }

    /**
     * Makes changes and waits for events. Interrupted, it is not made again: the changes are made.
     *
     * @param kqueue the kqueue
     * @param changes of an array of {@code kevent}
     * @param changeCount how many there are
     * @param events where the events go
     * @param eventCount how many fit there
     * @param timeout of a {@code timespec}; 0 to wait without limit
     * @return how many events there are, or the negative errno
     */
    public static int kevent(int kqueue, long changes, int changeCount, long events, int eventCount, long timeout) {
        return LibC.result(KqueueNatives.kevent(kqueue, changes, changeCount, events, eventCount, timeout));
    }
}
