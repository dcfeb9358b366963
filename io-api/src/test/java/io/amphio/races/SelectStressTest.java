package io.amphio.races;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Io;
import io.amphio.Outcome;
import io.amphio.Select;
import io.amphio.sync.Channel;
import io.amphio.sync.SendArm;
import io.amphio.testing.Started;
import io.amphio.testing.ThreadIo;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Selects that face each other on rendezvous channels, one of them canceled now and then. Any two of them can meet, and none has
 * a deadline, so a wake-up that is lost leaves two of them waiting, and fails the test.
 *
 * <p>The seed is printed where it fails, and taken from the property {@code amphio.seed}; threads make it a hint only.
 */
class SelectStressTest {
    private static final long SEED = Long.getLong("amphio.seed", System.nanoTime());
    private static final int ROUNDS = 1_000;
    private static final int FINISHER = 100;

    private final SplittableRandom random = new SplittableRandom(SEED);
    private int canceled;
    private int met;

    /** One that has met another: it sent its message, or received the other's. */
    private record Met(boolean sent, int message) {}

    /** One select that sends to one channel and receives from another, or from the same. */
    private record Party(Channel<Integer> to, Channel<Integer> from, int message) {
        Met meet(Io io, boolean receivesTwice) {
            Select<Met> select = new Select<Met>()
                    .on(to.sendArm(message), arm -> new Met(true, message))
                    .receive(from, received -> new Met(false, received));
            if (receivesTwice) {
                select.receive(from, received -> new Met(false, received));
            }
            return select.await(io);
        }
    }

    @ParameterizedTest
    @CsvSource({"platform, 2, 2", "virtual, 2, 2", "virtual, 2, 1", "platform, 3, 3", "virtual, 3, 3", "virtual, 3, 1"})
    @Timeout(120)
    void selects_meet_by_twos(String kind, int parties, int channels) {
        try (ThreadIo io = kind.equals("virtual") ? ThreadIo.virtual() : ThreadIo.platform()) {
            for (int round = 0; round < ROUNDS; round++) {
                round(io, ring(parties, channels));
            }
            assertTrue(met > 0 && canceled > 0, () -> seed() + canceled + " canceled, met: " + met);
        }
    }

    /** Each sends to the channel that the next one receives from; with one channel, all do both there. */
    private static List<Party> ring(int parties, int channels) {
        List<Channel<Integer>> shared = new ArrayList<>();
        for (int i = 0; i < channels; i++) {
            shared.add(Channel.rendezvous());
        }
        List<Party> ring = new ArrayList<>();
        for (int i = 0; i < parties; i++) {
            ring.add(new Party(shared.get(i % channels), shared.get((i + channels - 1) % channels), i));
        }
        return ring;
    }

    private void round(ThreadIo io, List<Party> parties) {
        List<Started<Met>> tasks = new ArrayList<>();
        for (Party party : parties) {
            boolean twice = random.nextInt(3) == 0;
            tasks.add(Started.call(io, "party-" + party.message, () -> party.meet(io, twice)));
        }
        int victim = random.nextInt(2 * parties.size());
        if (victim < parties.size()) {
            spin(random.nextInt(60_000));
            tasks.get(victim).future().requestCancel();
        }
        Started.until(seed() + "all but one have met or were canceled", () -> isQuiet(tasks));
        finish(parties, tasks, victim);
        requireConserved(tasks);
    }

    /** Those that met did so by twos, and at most one is left. */
    private static boolean isQuiet(List<Started<Met>> tasks) {
        int ended = 0;
        int values = 0;
        for (Started<Met> task : tasks) {
            Outcome<Met> outcome = task.future().outcome();
            ended += outcome == null ? 0 : 1;
            values += outcome instanceof Outcome.Value ? 1 : 0;
        }
        return values % 2 == 0 && ended >= tasks.size() - 1;
    }

    /** Meets the one that is left, which shows that those who are gone left nothing in its way. */
    private void finish(List<Party> parties, List<Started<Met>> tasks, int victim) {
        if (victim < tasks.size()) {
            tasks.get(victim).outcome(); // until then it may still stand in a queue, just about to find its request
        }
        for (int i = 0; i < tasks.size(); i++) {
            Started<Met> task = tasks.get(i);
            if (i != victim && !task.future().isDone()) {
                task.untilWaits();
                assertTrue(parties.get(i).from.trySend(FINISHER), () -> seed() + "a select that waits was not found");
                assertEquals(new Met(false, FINISHER), task.get());
            }
        }
        for (Party party : parties) {
            assertTrue(isLeftAlone(party.to), () -> seed() + "somebody is left in a queue");
        }
    }

    /** Nobody waits at {@code channel} any more, neither to send nor to receive. */
    private static boolean isLeftAlone(Channel<Integer> channel) {
        SendArm<Integer> send = channel.sendArm(FINISHER);
        return channel.tryReceive().isEmpty()
                && new Select<Boolean>().on(send, arm -> false).poll(() -> true);
    }

    private void requireConserved(List<Started<Met>> tasks) {
        List<Integer> sent = new ArrayList<>();
        List<Integer> received = new ArrayList<>();
        for (Started<Met> task : tasks) {
            switch (task.outcome()) {
                case Outcome.Value<Met>(Met value) when value.message == FINISHER -> {}
                case Outcome.Value<Met>(Met value) -> (value.sent ? sent : received).add(value.message);
                case Outcome.Canceled<Met> _ -> canceled++;
                case Outcome.Failure<Met>(Throwable thrown) -> throw new AssertionError(seed() + thrown, thrown);
            }
        }
        assertEquals(sent, received, this::seed);
        met += sent.size();
    }

    private String seed() {
        return "seed " + SEED + ": ";
    }

    /** Keeps the core busy for about {@code nanos} nanoseconds. */
    private static void spin(int nanos) {
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
    }
}
