package io.amphio.spi;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Completer;
import io.amphio.Select;
import io.amphio.races.ManualIo;
import io.amphio.races.TestTask;
import io.amphio.sync.Channel;
import io.amphio.sync.ReceiveArm;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A wait that cannot begin, because something of the user's throws, leaves nothing behind. */
class WaitsFailureTest {
    private final ManualIo io = new ManualIo();

    @Test
    void a_select_given_an_arm_twice_takes_nothing_from_anywhere() {
        Channel<String> first = Channel.rendezvous();
        Channel<String> second = Channel.rendezvous();
        ReceiveArm<String> twice = second.receiveArm();
        Select<String> select = new Select<String>()
                .receive(first, message -> message)
                .on(twice, ReceiveArm::message)
                .on(twice, ReceiveArm::message);
        assertThrows(IllegalStateException.class, () -> select.await(io));
        assertFalse(first.trySend("nobody receives this"));
        assertFalse(second.trySend("nor this"));
    }

    @Test
    void an_arm_that_another_wait_has_stays_with_that() {
        Channel<String> channel = Channel.rendezvous();
        ReceiveArm<String> taken = channel.receiveArm();
        Waits.listen(taken, new TaskModelTest.Silent(Task.current()));
        assertThrows(
                IllegalStateException.class,
                () -> new Select<String>().on(taken, ReceiveArm::message).await(io));
        assertTrue(channel.trySend("still received"));
    }

    @Test
    void a_canceler_that_throws_ends_the_await_of_the_canceled() {
        Completer<String> completer = new Completer<>("throwing", () -> {
            throw new IllegalArgumentException("no");
        });
        TestTask task = new TestTask();
        task.requestCancel();
        assertThrows(
                IllegalArgumentException.class,
                () -> task.play(() -> completer.future().await(io)));
        assertNull(task.waitsFor());
    }

    @Test
    void a_timeout_whose_timer_cannot_start_leaves_no_scope() {
        ManualIo closed = new ManualIo();
        closed.refuseTimers();
        assertThrows(IllegalStateException.class, () -> closed.withTimeout(Duration.ofNanos(1), () -> "never reached"));
        assertNull(Task.current().newestScope());
    }
}
