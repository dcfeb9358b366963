package io.amphio.evented.ffi;

/** The two C functions of kqueue, bound by {@link KqueueLibC}. */
final class KqueueNatives {
    private KqueueNatives() {}

    static native int kqueue();

    static native int kevent(int kqueue, long changes, int changeCount, long events, int eventCount, long timeout);
}
