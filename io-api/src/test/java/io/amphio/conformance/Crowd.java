package io.amphio.conformance;

import io.amphio.Future;
import io.amphio.Io;
import io.amphio.Outcome;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.conformance.Meeting.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** Several parties at one {@link Meeting}, some of which are canceled at a random moment. */
public final class Crowd {
    private final Io io;
    private final Io other;
    private final SplittableRandom random = Seed.random();
    private final AtomicInteger timedOut = new AtomicInteger(); // steps
    private int canceled; // parties

    /** A crowd of tasks of these two, and of threads that use them. */
    public Crowd(Io io, Io other) {
        this.io = io;
        this.other = other;
    }

    /** Lets each of {@code parties} do {@code steps} steps, cancels some of them meanwhile, and checks what is left. */
    public void meet(Meeting meeting, List<Party> parties, int steps) throws Exception {
        meet(
                meeting,
                parties,
                parties.stream().map(party -> party.ioOf(io, other)).toList(),
                steps);
    }

    /** The same, where each of {@code parties} passes the {@code Io} at its index, its own or not. */
    public void meet(Meeting meeting, List<Party> parties, List<Io> passed, int steps) throws Exception {
        Place place = meeting.open(io, other);
        List<Future<?>> ends = new ArrayList<>();
        for (int i = 0; i < parties.size(); i++) {
            SplittableRandom own = random.split();
            Io by = passed.get(i);
            ends.add(parties.get(i).start(io, other, () -> steps(place, by, own, steps)));
        }
        for (int i = 0; i < parties.size(); i++) {
            if (parties.get(i).isTask() && random.nextInt(3) == 0) {
                Chance.hold(io, random);
                ends.get(i).requestCancel();
            }
        }
        for (Future<?> end : ends) {
            switch (end.waitFor(io, Timeout.after(Conformance.PATIENCE))) {
                case Outcome.Value<?> _ -> {}
                case Outcome.Canceled<?> _ -> canceled++;
                case Outcome.Failure<?>(Throwable thrown) -> throw new AssertionError(meeting + ": " + thrown, thrown);
            }
        }
        place.check(io);
    }

    private void steps(Place place, Io by, SplittableRandom own, int steps) throws Exception {
        for (int i = 0; i < steps; i++) {
            try {
                place.step(by, own);
            } catch (TimedOutException late) {
                timedOut.incrementAndGet();
            }
        }
    }

    /** Returns whether deadlines have passed and cancels have struck: else less was tried than it seems. */
    public boolean hasSeenBoth() {
        return timedOut.get() > 0 && canceled > 0;
    }

    @Override
    public String toString() {
        return "Crowd[" + timedOut + " steps timed out, " + canceled + " parties canceled]";
    }
}
