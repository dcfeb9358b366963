package io.amphio.evented.backend.fd;

import io.amphio.evented.backend.Attempts;
import io.amphio.evented.backend.Backend;
import io.amphio.evented.backend.CompletionSink;
import io.amphio.evented.backend.Failure;
import io.amphio.evented.backend.Operation;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Completions made of readiness: each operation first makes its non-blocking call, and only one that would have waited is
 * parked, to try again at the next edge.
 *
 * <p>A descriptor is registered once, in both directions, when an operation first parks on it, and stays: an operation
 * costs no system call but its own. Several backends may have it registered at once, and each hears of every edge; one that
 * has heard of three in a row that nobody there waited for lets go of it, so that a connection whose task has moved to
 * another loop does not go on waking this one.
 *
 * <p>No edge is lost. An operation parks after a call that would have waited, or with {@link Readiness#isDry}. If the
 * descriptor was registered here before that call, an edge after it is still to come out of the kernel, as only this thread
 * takes events out and it is not doing so now; or it was counted before, and then the direction is not dry and the operation
 * tries again. If it is registered afterwards, the kernel looks at it then and tells at once.
 *
 * <p>No event hits anybody else. It carries a slot and the generation of that slot, which changes whenever the slot is freed;
 * a slot is freed only by this thread, between two rounds of events.
 *
 * <p><b>Threads:</b> as {@link Backend} says.
 */
public final class ReadinessBackend implements Backend {
    private static final int FIRST_SLOTS = 64;
    private static final int UNWANTED_MOST = 3;
    private static final int GENERATION_MASK = (1 << 30) - 1; // keeps tokens above zero and below those of watches

    private final String name;
    private final Poller poller;
    private final CompletionSink sink;
    private final Watches watches;

    private @Nullable Registration[] slots = new Registration[FIRST_SLOTS]; // the backend's thread, as all below
    private int[] generations = new int[FIRST_SLOTS];
    private int[] freeSlots = new int[FIRST_SLOTS];
    private int freeCount;
    private int usedSlots; // those from here on were never used

    private final AtomicReference<@Nullable Registration> released = new AtomicReference<>(); // any thread adds

    /**
     * Makes a backend of a poller.
     *
     * @param name by which it is chosen
     * @param poller its own from now on
     * @param sink where its operations go when they have completed
     */
    public ReadinessBackend(String name, Poller poller, CompletionSink sink) {
        this.name = name;
        this.poller = poller;
        this.sink = sink;
        this.watches = new Watches(poller, sink);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean supports(Operation.Kind kind) {
        return !kind.isFile();
    }

    // ---- operations

    @Override
    public void submit(Operation operation) {
        FdDescriptor descriptor = (FdDescriptor) operation.descriptor();
        if (descriptor instanceof SharedFd) {
            watches.submit(operation);
            return;
        }
        Readiness readiness = descriptor.readiness(operation.kind().isReading());
        try {
            Registration registration = descriptor.registrationWith(this);
            while (!isPoll(operation) || registration != null) {
                if (isPoll(operation) ? pollNow(descriptor, readiness, operation) : attempt(operation)) {
                    sink.completed(operation);
                    return;
                }
                if (registration == null || readiness.isDry()) {
                    break;
                }
            }
            (registration != null ? registration : register(descriptor)).park(operation);
        } catch (Failure e) {
            operation.failed(e);
            sink.completed(operation);
        } catch (RuntimeException e) {
            operation.failed(FdErrors.unusable(e));
            sink.completed(operation);
        }
    }

    private static boolean isPoll(Operation operation) {
        return operation.kind() == Operation.Kind.POLL_READABLE || operation.kind() == Operation.Kind.POLL_WRITABLE;
    }

    /** Whether it is ready now: where an edge may have come since the last try, only the kernel can tell. */
    private static boolean pollNow(FdDescriptor descriptor, Readiness readiness, Operation operation) {
        if (readiness.isDry() || !descriptor.isReady(operation.kind().isReading())) {
            return false;
        }
        operation.done(0);
        return true;
    }

    /** Makes the call; returns whether the operation is done. */
    private static boolean attempt(Operation operation) throws Failure {
        return switch (operation.kind()) {
            case CONNECT ->
                Attempts.connected(operation, ((FdNet) operation.descriptor()).connect(operation.address()));
            case POLL_READABLE, POLL_WRITABLE -> { // an edge is all it waits for
                operation.done(0);
                yield true;
            }
            default -> Attempts.transfer(operation);
        };
    }

    @Override
    public void cancel(Operation operation) {
        if (operation.ticket() instanceof Registration registration) {
            registration.unpark(operation);
            operation.canceled();
            sink.completed(operation);
        } else {
            watches.cancel(operation);
        }
    }

    // ---- events

    @Override
    public void poll(long timeoutNanos) {
        freeReleased();
        int events = poller.await(timeoutNanos);
        for (int event = 0; event < events; event++) {
            long token = poller.token(event);
            boolean readable = poller.isReadable(event);
            boolean writable = poller.isWritable(event);
            if ((token & Poller.WATCH) != 0) {
                watches.event((int) token, readable, writable);
            } else {
                event(registration(token), readable, writable, poller.mayStopShort(event), poller.takenError(event));
            }
        }
        if (poller.mayHaveLostEdges()) {
            edgeEverywhere();
        }
    }

    /** What was lost is unknown; an edge too many costs a try. Callbacks come later, so that no slot changes meanwhile. */
    private void edgeEverywhere() {
        for (Registration registration : slots) {
            if (registration != null) {
                registration.descriptor.readiness(true).mayStopShort(); // what was lost may be the end
                edgeIfReady(registration, true);
                edgeIfReady(registration, false);
            }
        }
    }

    private void edgeIfReady(Registration registration, boolean reading) {
        Operation operation = registration.parked(reading);
        if (operation == null || !isPoll(operation) || registration.descriptor.isReady(reading)) {
            edge(registration, reading);
        }
    }

    private void event(
            @Nullable Registration registration, boolean readable, boolean writable, boolean stopsShort, int error) {
        if (registration == null) {
            return; // of a descriptor that was closed meanwhile
        }
        if (error != 0) {
            registration.descriptor.errorWasTaken(error);
        }
        if (stopsShort) {
            registration.descriptor.readiness(true).mayStopShort(); // before the edge is counted
        }
        boolean wanted = readable && edge(registration, true);
        wanted |= writable && edge(registration, false);
        if (!wanted) {
            unwanted(registration);
        }
    }

    /** Returns whether somebody waited for it. */
    private boolean edge(Registration registration, boolean reading) {
        registration.descriptor.readiness(reading).edge();
        Operation operation = registration.parked(reading);
        if (operation == null) {
            return false;
        }
        try {
            if (!attempt(operation)) {
                return true; // another thread took what was there; still parked
            }
        } catch (Failure e) {
            operation.failed(e);
        } catch (RuntimeException e) { // and the other events of this poll go on
            operation.failed(FdErrors.unusable(e));
        }
        registration.unpark(operation);
        sink.completed(operation);
        return true;
    }

    private void unwanted(Registration registration) {
        if (++registration.unwanted >= UNWANTED_MOST
                && registration.isIdle()
                && registration.descriptor.isRegisteredElsewhere()) {
            letGo(registration);
        }
    }

    private void letGo(Registration registration) {
        FdDescriptor descriptor = registration.descriptor;
        if (descriptor.fd.enter()) { // else it is being closed, and the registration will be released
            try {
                if (descriptor.remove(registration)) {
                    poller.remove(descriptor.number());
                    free(registration);
                }
            } finally {
                descriptor.fd.leave();
            }
        }
    }

    @Override
    public int pollNumber() {
        return poller.number();
    }

    @Override
    public boolean setAlarm(AlarmClock clock, long atNanos) {
        return poller.setAlarm(clock, atNanos);
    }

    @Override
    public long readClock(AlarmClock clock) {
        long nanos = poller.readClock(clock);
        return nanos >= 0 ? nanos : Backend.super.readClock(clock);
    }

    @Override
    public void wake() {
        poller.wake();
    }

    @Override
    public void close() {
        freeReleased();
        for (Registration registration : slots) {
            if (registration != null) {
                registration.descriptor.remove(registration);
            }
        }
        Arrays.fill(slots, null);
        poller.close();
    }

    // ---- slots

    private Registration register(FdDescriptor descriptor) throws Failure {
        int slot = takeSlot();
        Registration registration = new Registration(this, descriptor, slot);
        try {
            poller.add(descriptor.number(), ((long) generations[slot] << Integer.SIZE) | slot);
        } catch (Failure e) {
            freeSlots[freeCount++] = slot;
            throw e;
        }
        slots[slot] = registration;
        descriptor.add(registration);
        return registration;
    }

    private int takeSlot() {
        if (freeCount > 0) {
            return freeSlots[--freeCount];
        }
        if (usedSlots == slots.length) {
            slots = Arrays.copyOf(slots, usedSlots * 2);
            generations = Arrays.copyOf(generations, usedSlots * 2);
            freeSlots = Arrays.copyOf(freeSlots, usedSlots * 2);
        }
        return usedSlots++;
    }

    private @Nullable Registration registration(long token) {
        int slot = (int) token;
        return generations[slot] == (int) (token >> Integer.SIZE) ? slots[slot] : null;
    }

    private void free(Registration registration) {
        int slot = registration.slot;
        slots[slot] = null;
        generations[slot] = (generations[slot] + 1) & GENERATION_MASK;
        freeSlots[freeCount++] = slot;
    }

    /** Any thread: the descriptor is being closed. Where something may be parked on it, {@link #wake} is to follow. */
    void released(Registration registration) {
        poller.closing(registration.descriptor.number());
        while (true) {
            Registration first = released.get();
            registration.nextReleased = first;
            if (released.compareAndSet(first, registration)) {
                return;
            }
        }
    }

    private void freeReleased() {
        if (released.get() != null) {
            for (Registration each = released.getAndSet(null); each != null; each = each.nextReleased) {
                free(each);
                endParked(each, true);
                endParked(each, false);
            }
        }
    }

    /** Nothing is parked where somebody closes; where a connect failed, a poll may be. Its socket is ready, to fail. */
    private void endParked(Registration registration, boolean reading) {
        Operation operation = registration.parked(reading);
        if (operation != null) {
            edge(registration, reading);
        }
    }
}
