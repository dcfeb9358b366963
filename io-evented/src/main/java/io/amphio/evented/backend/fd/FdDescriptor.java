package io.amphio.evented.backend.fd;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.amphio.evented.backend.Descriptor;
import io.amphio.evented.backend.Failure;
import io.amphio.evented.ffi.LibC;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A descriptor that is a number of the kernel's, and with which readiness backends it is registered.
 *
 * <p>There is at most one registration for each backend, added and taken out by that backend's thread alone; other threads'
 * are why the array is replaced by compare-and-set. The kernel forgets a descriptor that is closed by itself, so a close only
 * has to tell the backends that their records of it are free.
 */
public abstract class FdDescriptor implements Descriptor {
    private static final Registration[] NONE = {};
    private static final int POLLIN = 1;
    private static final int POLLOUT = 4;

    final Fd fd;
    private final Readiness input = new Readiness();
    private final Readiness output = new Readiness();
    private final AtomicReference<Registration[]> registrations = new AtomicReference<>(NONE);

    FdDescriptor(Fd fd) {
        this.fd = fd;
    }

    /**
     * Returns its number, which stays its own while an operation on it is in flight.
     *
     * @return the number
     */
    public final int number() {
        return fd.number();
    }

    /** Begins to use the number in a call that does not wait; {@code fd.leave} ends it. */
    final int enter() throws Failure {
        if (!fd.enter()) {
            throw FdErrors.closed();
        }
        return fd.number();
    }

    /**
     * Keeps the number from going to somebody else until {@link #release}, also when this is closed meanwhile.
     *
     * @throws Failure if it is closed already
     */
    public final void hold() throws Failure {
        enter();
    }

    /** Ends what {@link #hold} began. */
    public final void release() {
        fd.leave();
    }

    final Readiness readiness(boolean reading) {
        return reading ? input : output;
    }

    /** Returns whether a call in this direction would not wait, also because it would fail. Asks the kernel. */
    final boolean isReady(boolean reading) {
        Readiness readiness = readiness(reading);
        int edges = readiness.edges();
        Scratch scratch = Scratch.take();
        try {
            scratch.memory.set(JAVA_INT, Scratch.VALUE, fd.number());
            scratch.memory.set(JAVA_SHORT, Scratch.VALUE + 4, (short) (reading ? POLLIN : POLLOUT));
            scratch.memory.set(JAVA_SHORT, Scratch.VALUE + 6, (short) 0);
            if (LibC.poll(scratch.addressOf(Scratch.VALUE), 1, 0) != 0) {
                return true;
            }
            readiness.dry(edges);
            return false;
        } finally {
            scratch.give();
        }
    }

    /** The kernel will not tell this error any more; whoever comes next is to get it. */
    void errorWasTaken(int errno) {}

    // ---- registrations

    @Nullable
    final Registration registrationWith(ReadinessBackend backend) {
        for (Registration registration : registrations.get()) {
            if (registration.backend == backend) {
                return registration;
            }
        }
        return null;
    }

    final void add(Registration registration) {
        registrations.updateAndGet(before -> {
            Registration[] after = Arrays.copyOf(before, before.length + 1);
            after[before.length] = registration;
            return after;
        });
    }

    /** Returns whether it was in; if not, a close has taken it, and tells its backend. */
    final boolean remove(Registration registration) {
        while (true) {
            Registration[] before = registrations.get();
            Registration[] after =
                    Arrays.stream(before).filter(other -> other != registration).toArray(Registration[]::new);
            if (after.length == before.length) {
                return false;
            }
            if (registrations.compareAndSet(before, after)) {
                return true;
            }
        }
    }

    final boolean isRegisteredElsewhere() {
        return registrations.get().length > 1;
    }

    /**
     * Closes it although operations may wait for it: an attempt to connect has failed. What waits for readiness elsewhere, or in the
     * other direction, has something to tell, and ends.
     */
    final void closeUnderOperations() {
        for (Registration registration : registrations.getAndSet(NONE)) {
            registration.backend.released(registration);
            registration.backend.wake(); // else it would look only after its next event
        }
        fd.close();
    }

    @Override
    public void close() throws Failure {
        for (Registration registration : registrations.getAndSet(NONE)) {
            registration.backend.released(registration);
        }
        FdErrors.check(fd.close());
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + " " + fd;
    }
}
