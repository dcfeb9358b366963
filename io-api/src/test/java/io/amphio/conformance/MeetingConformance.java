package io.amphio.conformance;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.amphio.Io;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds whatever is canceled and whichever deadline passes: nothing is lost, nothing doubled, nobody forgotten. */
public abstract class MeetingConformance extends Conformance {
    private static final List<Party> TASKS =
            List.of(Party.TASK, Party.OTHER_TASK, Party.TASK, Party.OTHER_TASK, Party.TASK, Party.OTHER_TASK);
    private static final List<Party> ALL_KINDS = List.of(
            Party.TASK, Party.OTHER_TASK, Party.TASK, Party.OTHER_TASK, Party.PLATFORM_THREAD, Party.VIRTUAL_THREAD);

    @ParameterizedTest
    @EnumSource
    void tasks_meet_while_some_are_canceled_and_some_give_up(Meeting meeting) throws Exception {
        meetUntilBothWereSeen(meeting, TASKS);
    }

    @ParameterizedTest
    @EnumSource
    void tasks_meet_threads_while_some_are_canceled_and_some_give_up(Meeting meeting) throws Exception {
        meetUntilBothWereSeen(meeting, ALL_KINDS);
    }

    private void meetUntilBothWereSeen(Meeting meeting, List<Party> parties) throws Exception {
        run((io, other) -> {
            assumeTrue(meeting != Meeting.STREAM || hasNetwork(io), "an io for tests, without a network");
            Crowd crowd = new Crowd(io, other);
            int rounds = 0;
            do {
                // More and more steps: those of a few may be over before the task that cancels has its turn again.
                crowd.meet(meeting, parties, 30 * (1 + rounds / 10));
                rounds++;
                assertTrue(rounds < 200, crowd::toString);
            } while (rounds < 5 || !crowd.hasSeenBoth());
        });
    }

    private static boolean hasNetwork(Io io) {
        try {
            io.net();
            return true;
        } catch (UnsupportedOperationException none) {
            return false;
        }
    }
}
