package io.amphio.evented.backend.fd;

import io.amphio.evented.ffi.LibC;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * One descriptor number of the kernel: closed once, and not used from then on, as the kernel gives the number to the next
 * who opens something.
 *
 * <pre>
 *   users  closing  event    then
 *   -----  -------  -------  -----------------------------------------------------------
 *   n      no       enter    n + 1, and the number may be used until leave
 *   n      no       leave    n - 1
 *   0      no       close    closing; the caller closes the number
 *   n      no       close    closing; the last user to leave closes the number
 *   any    yes      enter    refused
 *   n      yes      leave    n - 1; at 0 the leaver closes the number
 *   any    yes      close    nothing
 * </pre>
 *
 * <p>Users and {@code closing} are one word, changed by compare-and-set, so that exactly one thread sees it become closing
 * without users.
 *
 * <p><b>Threads:</b> any.
 */
public final class Fd {
    private static final int CLOSING = 1;
    private static final int USER = 2;

    private static final VarHandle WORD; // a field and not an AtomicInteger: there is one for each connection

    static {
        try {
            WORD = MethodHandles.lookup().findVarHandle(Fd.class, "word", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int number;
    private volatile int word; // any thread, by the table

    /**
     * Takes over a descriptor.
     *
     * @param number from the kernel, and nobody else's
     */
    public Fd(int number) {
        this.number = number;
    }

    /**
     * Returns the number, to be used between {@link #enter} and {@link #leave} only; or where something else sees to it that
     * it is not closed, as an operation in flight does.
     *
     * @return the number
     */
    public int number() {
        return number;
    }

    /**
     * Begins to use the number.
     *
     * @return false if it is closed
     */
    public boolean enter() {
        while (true) {
            int seen = word;
            if ((seen & CLOSING) != 0) {
                return false;
            }
            if (WORD.compareAndSet(this, seen, seen + USER)) {
                return true;
            }
        }
    }

    /** Ends a use that {@link #enter} began. */
    public void leave() {
        if ((int) WORD.getAndAdd(this, -USER) - USER == CLOSING) {
            LibC.close(number); // whoever closed has gone, so there is nobody to tell what the kernel says
        }
    }

    /**
     * Closes it, now or when the last user leaves, who is inside a call that does not wait.
     *
     * @return 0, or the negative errno; closed nevertheless
     */
    public int close() {
        while (true) {
            int seen = word;
            if ((seen & CLOSING) != 0) {
                return 0;
            }
            if (WORD.compareAndSet(this, seen, seen | CLOSING)) {
                return seen == 0 ? LibC.close(number) : 0;
            }
        }
    }

    /**
     * Returns whether {@link #close} was called.
     *
     * @return true from then on
     */
    public boolean isClosed() {
        return (word & CLOSING) != 0;
    }

    @Override
    public String toString() {
        return "fd " + number + (isClosed() ? " (closed)" : "");
    }
}
