package io.amphio.interop.fd;

import static io.amphio.interop.clib.RealServer.hasThread;
import static io.amphio.interop.clib.RealServer.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Future;
import io.amphio.Io;
import io.amphio.IoRuntime;
import io.amphio.TaskCanceledException;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.interop.clib.TestIos;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What a C library relies on, on every Io. */
@ParameterizedClass
@MethodSource("names")
class FdWatcherTest {
    private final String name;
    private final IoRuntime runtime;
    private final Io io;
    private final FdWatcher watcher;

    static List<String> names() {
        return TestIos.names();
    }

    FdWatcherTest(String name) throws IOException {
        this.name = name;
        this.runtime = TestIos.open(name);
        this.io = runtime.io();
        this.watcher = FdWatcher.open(io);
    }

    @AfterEach
    void close() throws InterruptedException {
        watcher.close();
        watcher.close(); // again: nothing
        runtime.close();
        until("the poll thread ends", () -> !hasThread("amphio-fd-poll"));
    }

    /** Runs something in a callback, and returns what it returns. */
    private <T> T inCallback(Callable<T> body) {
        CompletableFuture<T> result = new CompletableFuture<>();
        watcher.execute(() -> {
            try {
                result.complete(body.call());
            } catch (Throwable thrown) {
                result.completeExceptionally(thrown);
            }
        });
        return get(result);
    }

    private static <T> T get(CompletableFuture<T> future) {
        try {
            return future.get(8, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void it_has_a_thread_of_its_own_only_where_the_io_cannot_poll() {
        assertEquals(!TestIos.pollsItself(name), hasThread("amphio-fd-poll"));
    }

    @Test
    void readiness_is_told_again_and_again_until_it_is_taken_or_nobody_cares() {
        int[] pipe = ForeignFds.newPipe();
        CompletableFuture<Void> thrice = new CompletableFuture<>();
        List<Boolean> told = new ArrayList<>();
        FdWatch[] watch = new FdWatch[1];
        inCallback(() -> {
            watch[0] = watcher.watch(pipe[0], (readable, writable) -> {
                told.add(readable);
                if (told.size() == 3) {
                    watch[0].update(false, false);
                    thrice.complete(null);
                }
            });
            watch[0].update(true, false);
            return null;
        });
        ForeignFds.put(pipe[1]);
        get(thrice);
        turns(5);
        assertEquals(List.of(true, true, true), inCallback(() -> List.copyOf(told)));
        inCallback(() -> {
            watch[0].close();
            watch[0].close();
            assertThrows(IllegalStateException.class, () -> watch[0].update(true, true));
            return null;
        });
        ForeignFds.take(pipe[0]); // nobody has read, closed, or changed the mode
        ForeignFds.close(pipe);
    }

    /** Lets the loop turn, with time for what is ready to be told. */
    private void turns(int count) {
        for (int i = 0; i < count; i++) {
            CompletableFuture<Void> turned = new CompletableFuture<>();
            inCallback(() -> {
                watcher.timer(() -> turned.complete(null)).set(Duration.ofMillis(2));
                return null;
            });
            get(turned);
        }
    }

    @Test
    void the_interest_can_move_between_reading_and_writing() {
        int[] pipe = ForeignFds.newPipe();
        CompletableFuture<Boolean> writable = new CompletableFuture<>();
        FdWatch watch = inCallback(() -> {
            FdWatch opened = watcher.watch(pipe[1], (_, w) -> writable.complete(w));
            opened.update(true, false); // never, at this end
            return opened;
        });
        turns(2);
        assertFalse(writable.isDone());
        inCallback(() -> {
            watch.update(false, true);
            return null;
        });
        assertTrue(get(writable));
        inCallback(() -> {
            watch.close();
            return null;
        });
        ForeignFds.close(pipe);
    }

    /**
     * Two descriptors become ready in the same turn; whoever is told first closes both, opens others, which get the same numbers, and
     * watches these. None of those may hear of what was found for the numbers before.
     */
    @Test
    void a_number_that_is_used_again_has_nothing_to_do_with_what_it_was() {
        for (int round = 0; round < 200; round++) {
            int[][] old = {ForeignFds.newPipe(), ForeignFds.newPipe()};
            List<String> told = new ArrayList<>();
            List<FdWatch> watches = new ArrayList<>();
            List<int[]> fresh = new ArrayList<>();
            CompletableFuture<Boolean> reused = new CompletableFuture<>();
            inCallback(() -> {
                for (int[] pipe : old) {
                    FdWatch watch = watcher.watch(pipe[0], (_, _) -> {
                        told.add("old");
                        reused.complete(replace(old, watches, fresh, told));
                    });
                    watch.update(true, false);
                    watches.add(watch);
                }
                return null;
            });
            inCallback(() -> {
                ForeignFds.put(old[0][1]); // the loop is here: it finds both in the next turn
                ForeignFds.put(old[1][1]);
                return null;
            });
            boolean same = get(reused);
            turns(1);
            assertEquals(
                    List.of("old"), inCallback(() -> List.copyOf(told)), "round " + round + ", same numbers: " + same);
            inCallback(() -> {
                watches.forEach(FdWatch::close);
                fresh.forEach(ForeignFds::close);
                return null;
            });
            seenReuse |= same;
        }
        assertTrue(seenReuse, "the system never gave a number again");
    }

    private boolean seenReuse;

    private boolean replace(int[][] old, List<FdWatch> watches, List<int[]> fresh, List<String> told) {
        watches.forEach(FdWatch::close);
        watches.clear();
        boolean same = false;
        for (int[] pipe : old) {
            ForeignFds.close(pipe);
        }
        for (int i = 0; i < old.length; i++) {
            int[] pipe = ForeignFds.newPipe();
            fresh.add(pipe);
            same |= pipe[0] == old[0][0] || pipe[0] == old[1][0];
            try {
                FdWatch watch = watcher.watch(pipe[0], (_, _) -> told.add("fresh"));
                watch.update(true, false);
                watches.add(watch);
            } catch (IOException e) {
                told.add(e.toString());
            }
        }
        return same;
    }

    @Test
    void a_callback_cannot_wait_and_is_told_so() {
        IllegalStateException thrown = assertInstanceOf(IllegalStateException.class, inCallback(() -> {
            try {
                io.sleep(Duration.ofSeconds(1));
                return null;
            } catch (IllegalStateException expected) {
                return expected;
            }
        }));
        assertTrue(thrown.getMessage().contains("the loop would wait for itself"), thrown.getMessage());
    }

    @Test
    void outside_of_callbacks_it_refuses() {
        assertThrows(IllegalStateException.class, () -> watcher.watch(0, (_, _) -> {}));
        assertThrows(IllegalStateException.class, () -> watcher.timer(() -> {}));
    }

    @Test
    void a_failing_callback_leaves_the_others_alone() {
        watcher.execute(() -> {
            throw new IllegalStateException("a test's callback that fails");
        });
        assertEquals(1, inCallback(() -> 1));
    }

    @Test
    void a_timer_fires_once_and_not_when_cleared() {
        CompletableFuture<Void> fired = new CompletableFuture<>();
        List<String> told = new ArrayList<>();
        inCallback(() -> {
            FdTimer cleared = watcher.timer(() -> told.add("cleared"));
            cleared.set(Duration.ofMillis(1));
            cleared.clear();
            FdTimer timer = watcher.timer(() -> {
                told.add("fired");
                fired.complete(null);
            });
            timer.set(Duration.ofSeconds(30));
            timer.set(Duration.ofMillis(5)); // the last counts
            return null;
        });
        get(fired);
        turns(2);
        assertEquals(List.of("fired"), inCallback(() -> List.copyOf(told)));
    }

    @Test
    void a_task_waits_for_a_descriptor_with_a_deadline_and_a_cancel() throws Exception {
        int[] pipe = ForeignFds.newPipe();
        assertThrows(
                TimedOutException.class,
                () -> watcher.await(io, "a pipe", pipe[0], true, false, Timeout.afterMillis(5)));
        Future<FdWatcher.Ready> canceled = io.concurrent(
                        () -> watcher.await(io, "a pipe", pipe[0], true, false, Timeout.NONE))
                .get();
        assertInstanceOf(TaskCanceledException.class, canceled.cancel(io).getCause());
        assertSame(FdWatcher.Ready.WRITABLE, watcher.await(io, "a pipe", pipe[1], true, true, Timeout.NONE));
        ForeignFds.put(pipe[1]);
        assertSame(
                FdWatcher.Ready.READABLE, watcher.await(io, "a pipe", pipe[0], true, true, Timeout.afterMillis(5000)));
        ForeignFds.close(pipe);
        IOException none =
                assertThrows(IOException.class, () -> watcher.await(io, "a pipe", pipe[0], true, false, Timeout.NONE));
        assertTrue(none.getMessage().contains("EBADF"), none.getMessage());
    }

    @Test
    void it_outlives_its_loop_so_that_a_library_can_be_shut_down() {
        int[] pipe = ForeignFds.newPipe();
        CompletableFuture<Void> gone = new CompletableFuture<>();
        FdWatch watch = inCallback(() -> {
            FdWatch opened = watcher.watch(pipe[0], new FdWatch.Listener() {
                @Override
                public void ready(boolean readable, boolean writable) {}

                @Override
                public void gone() {
                    gone.complete(null);
                }
            });
            opened.update(true, false);
            return opened;
        });
        runtime.close();
        if (TestIos.pollsItself(name)) {
            get(gone);
        }
        List<Integer> order = new ArrayList<>();
        inCallback(() -> {
            watcher.execute(() -> order.add(2)); // after this
            order.add(1);
            watch.update(true, true); // nothing
            watcher.timer(() -> {}).set(Duration.ZERO); // nothing
            assertThrows(IllegalStateException.class, () -> io.sleep(Duration.ofSeconds(1)));
            watch.close();
            return null;
        });
        assertEquals(List.of(1, 2), inCallback(() -> List.copyOf(order)));
        ForeignFds.close(pipe);
    }
}
