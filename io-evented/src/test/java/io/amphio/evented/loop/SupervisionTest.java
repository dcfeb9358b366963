package io.amphio.evented.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is seen of a loop at each point of its turn: by its backend and its work, which it calls there. */
class SupervisionTest {
    private final List<String> seen = new ArrayList<>();
    private @Nullable Supervision supervision;

    private void note(String point) {
        if (supervision != null) {
            String state = supervision.pulse() == 0 ? "not begun" : supervision.isPolling() ? "in the kernel" : "here";
            seen.add(point + ": " + state + (supervision.isInWork() ? ", in its work" : ""));
        }
    }

    @Test
    void a_loop_is_in_the_kernel_while_it_flushes_and_polls_and_has_a_pulse_before_it_runs_work() throws Exception {
        LoopWork work = new LoopWork() {
            @Override
            public boolean sharesCustody() {
                return true;
            }

            @Override
            public boolean runReady() {
                note("work");
                return false;
            }

            @Override
            public boolean hasReady() {
                return false;
            }
        };
        try (EventLoop loop =
                EventLoop.open(EventLoopOptions.DEFAULT.withWork(work), new ObservedProvider(this::note))) {
            supervision = new Supervision(loop);
            loop.execute(() -> {
                note("callback");
                loop.stop();
            });
            note("before");
            loop.run();
        }
        assertEquals(
                List.of(
                        "before: not begun",
                        "flush: in the kernel",
                        "work: here, in its work",
                        "callback: here",
                        "poll: in the kernel",
                        "flush: in the kernel",
                        "work: here, in its work"),
                seen);
    }
}
