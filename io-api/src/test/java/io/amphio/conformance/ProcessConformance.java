package io.amphio.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.CanceledException;
import io.amphio.ConcurrencyUnavailable;
import io.amphio.Group;
import io.amphio.Io;
import io.amphio.IoRuntime;
import io.amphio.Outcome;
import io.amphio.Select;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.process.Child;
import io.amphio.process.ExitStatus;
import io.amphio.process.Finished;
import io.amphio.process.ProcessSpec;
import io.amphio.process.Stdio;
import io.amphio.spi.Task;
import io.amphio.stream.LimitExceededException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What starting, awaiting and ending processes promise. */
public abstract class ProcessConformance extends ProcessTopic {
    @TempDir
    Path folder;

    // ---------------------------------------------------------------- their end

    @Test
    void a_child_exits_with_its_code() throws Exception {
        runWithProcesses(io -> {
            for (int code : new int[] {0, 1, 3, 127}) {
                try (Child child = spawn(io, shell("exit $1", String.valueOf(code)))) {
                    assertExits(io, code, child);
                    assertExits(io, code, child); // any number of times
                    assertEquals(code == 0, child.await(io).isSuccess());
                    assertEquals(OptionalInt.empty(), child.await(io).signal());
                    assertFalse(child.isAlive());
                    child.requestEnd();
                    child.kill();
                }
            }
        });
    }

    @Test
    void a_child_is_ended_politely_or_killed_and_its_status_tells_the_signal() throws Exception {
        runWithProcesses(io -> {
            try (Child child = spawn(io, ProcessSpec.of("sleep", "1000"))) {
                assertTrue(child.isAlive());
                child.requestEnd();
                assertEquals(OptionalInt.of(15), child.await(io, LONG).signal());
            }
            try (Child child = spawn(io, ProcessSpec.of("sleep", "1000"))) {
                child.kill();
                assertEquals("ended by signal 9", child.await(io, LONG).toString());
            }
            try (Child child = spawn(io, shell("trap 'echo bye; exit 7' TERM; echo ready; read x"))) {
                assertEquals("ready", readLine(io, child.stdout()));
                child.requestEnd();
                assertEquals("bye\n", readAll(io, child.stdout()));
                assertExits(io, 7, child);
            }
        });
    }

    @Test
    void who_does_not_end_when_asked_is_killed_after_its_grace_period() throws Exception {
        runWithProcesses(io -> {
            ProcessSpec deaf = shell("trap '' TERM; echo ready; read x; read x").withGrace(Duration.ofMillis(100));
            try (Child child = spawn(io, deaf)) {
                assertEquals("ready", readLine(io, child.stdout()));
                long start = System.nanoTime();
                child.requestEnd();
                assertEquals(OptionalInt.of(9), child.await(io, LONG).signal());
                assertTrue(sinceNanos(start).toMillis() >= 100, "killed at once");
            }
            Child canceled = spawn(io, deaf);
            assertEquals("ready", readLine(io, canceled.stdout()));
            assertEquals(9, canceled.exit().cancel(io).get().signal().orElseThrow());
            canceled.close();
            Child closed = spawn(io, deaf.withGrace(Duration.ZERO));
            closed.close();
            assertTrue(isGone(closed.pid()));
            closed.close();
        });
    }

    @Test
    void an_await_that_is_late_or_canceled_leaves_it_running_and_a_select_waits_for_it() throws Exception {
        runWithProcesses(io -> {
            try (Child child = spawn(io, shell("read x; exit 5"))) {
                String late = assertThrows(TimedOutException.class, () -> child.await(io, SHORT))
                        .getMessage();
                assertTrue(late.contains("exit of /bin/sh (process " + child.pid() + ")"), late);
                Started<ExitStatus> awaits =
                        Started.start(io, () -> child.await(io)).untilWaiting(io);
                assertTrue(awaits.endsCanceled(io));
                assertTrue(child.isAlive());
                assertEquals(
                        "late",
                        new Select<String>()
                                .future(child.exit(), ExitStatus::toString)
                                .timeout(SHORT, () -> "late")
                                .await(io));
                child.stdin().writeAll(io, bytes("go\n"));
                assertEquals(
                        "exit code 5",
                        new Select<String>()
                                .future(child.exit(), ExitStatus::toString)
                                .timeout(LONG, () -> "late")
                                .await(io));
            }
        });
    }

    @Test
    void a_grandchild_that_holds_the_pipes_holds_up_nobody() throws Exception {
        runWithProcesses(io -> {
            ProcessSpec leaving = shell("sleep 1000 & echo $!").withGrace(Duration.ofMillis(100));
            long grandchild;
            try (Child child = spawn(io, leaving)) {
                grandchild = Long.parseLong(readLine(io, child.stdout()));
                assertExits(io, 0, child);
            }
            kill(grandchild);
            Finished finished = io.processes().run(io, leaving);
            grandchild = Long.parseLong(finished.output().strip());
            assertTrue(finished.status().isSuccess());
            kill(grandchild);
            until(io, () -> !isAlive(Long.parseLong(finished.output().strip())));
        });
    }

    private static void kill(long pid) {
        assertTrue(ProcessHandle.of(pid).orElseThrow().destroyForcibly());
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
    }

    // ---------------------------------------------------------------- what it finds

    @Test
    void arguments_environment_and_directory_are_as_they_were_given() throws Exception {
        runWithProcesses(io -> {
            Finished said = io.processes()
                    .run(
                            io,
                            shell(
                                            "printf '%s|' \"$@\" \"$A\" \"${PATH-no}\" \"${HOME-no}\"; pwd",
                                            "a b", "$HOME", "*", "")
                                    .withEnvironment("A", "x=\u00e4 y")
                                    .withoutEnvironment("HOME")
                                    .in(folder));
            assertEquals(
                    "a b|$HOME|*||x=\u00e4 y|" + System.getenv("PATH") + "|no|" + folder.toRealPath() + "\n",
                    said.output());
            said = io.processes()
                    .run(io, ProcessSpec.of("env").withEmptyEnvironment().withEnvironment("ONLY", "1"));
            assertEquals("ONLY=1\n", said.output());
        });
        assertThrows(IllegalArgumentException.class, () -> ProcessSpec.of("a", "b\0c"));
        assertThrows(IllegalArgumentException.class, () -> ProcessSpec.of(""));
        assertThrows(IllegalArgumentException.class, () -> ProcessSpec.of("a").withEnvironment("A=", "b"));
        assertThrows(IllegalArgumentException.class, () -> ProcessSpec.of("a").withStdin(Stdio.MERGE));
        assertThrows(IllegalArgumentException.class, () -> ProcessSpec.of("a").withStdout(Stdio.from(folder)));
        assertThrows(IllegalArgumentException.class, () -> ProcessSpec.of("a").withStderr(Stdio.from(folder)));
    }

    @Test
    void streams_are_pipes_files_merged_or_nothing() throws Exception {
        Path in = Files.writeString(folder.resolve("in"), "from the file\n");
        Path out = Files.writeString(folder.resolve("out"), "was there\n");
        runWithProcesses(io -> {
            ProcessSpec talks = shell("cat; echo out; echo err >&2");
            Finished merged =
                    io.processes().run(io, talks.withStdin(Stdio.from(in)).withStderr(Stdio.MERGE));
            assertEquals("from the file\nout\nerr\n", merged.output());
            Finished apart = io.processes().run(io, talks.withStdin(Stdio.DISCARD));
            assertEquals("out\n", apart.output());
            assertEquals("err\n", apart.errors());
            Finished appended = io.processes().run(io, talks.withStdout(Stdio.appendTo(out)));
            assertEquals("was there\nout\n", Files.readString(out));
            assertEquals(0, appended.stdout().length);
            io.processes().run(io, talks.withStderr(Stdio.to(out)));
            assertEquals("err\n", Files.readString(out));
            Finished quiet =
                    io.processes().run(io, talks.withStdout(Stdio.DISCARD).withStderr(Stdio.DISCARD));
            assertEquals(0, quiet.stdout().length + quiet.stderr().length);
            try (Child child = spawn(io, talks.withStdin(Stdio.DISCARD).withStderr(Stdio.MERGE))) {
                assertThrows(IllegalStateException.class, child::stdin);
                assertThrows(IllegalStateException.class, child::stderr);
                assertEquals("out\nerr\n", readAll(io, child.stdout()));
            }
        });
    }

    @Test
    void a_child_has_the_three_standard_descriptors_and_no_other() throws Exception {
        Assumptions.assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")));
        runWithProcesses(io -> {
            try (Child other = spawn(io, ProcessSpec.of("cat"))) { // whose pipes are open meanwhile
                Finished said = io.processes().run(io, ProcessSpec.of("ls", "/proc/self/fd"));
                Set<String> open = new TreeSet<>(said.output().lines().toList());
                assertEquals(Set.of("0", "1", "2", "3"), open, "3 is the folder itself");
                assertTrue(other.isAlive());
            }
        });
    }

    // ---------------------------------------------------------------- those that cannot be started

    private static String refusal(Io io, Class<? extends IOException> kind, ProcessSpec spec) {
        return String.valueOf(assertThrows(kind, () -> spawn(io, spec).close()).getMessage());
    }

    @Test
    void what_cannot_be_started_says_the_program_and_why_and_leaves_nothing() throws Exception {
        Path plain = Files.writeString(folder.resolve("plain"), "no program");
        runWithProcesses(io -> {
            ProcessSpec program = ProcessSpec.of("true");
            for (int i = 0; i < 3; i++) {
                assertEquals(
                        "spawn no-such-program: no such program (ENOENT)",
                        refusal(io, FileNotFoundException.class, ProcessSpec.of("no-such-program")));
                assertEquals(
                        "spawn " + plain + ": permission denied, or not a program (EACCES)",
                        refusal(io, IOException.class, ProcessSpec.of(plain.toString())));
                assertEquals(
                        "spawn true: in " + folder.resolve("none") + ": no such directory (ENOENT)",
                        refusal(io, FileNotFoundException.class, program.in(folder.resolve("none"))));
                assertEquals(
                        "spawn true: in " + plain + ": not a directory (ENOTDIR)",
                        refusal(io, FileNotFoundException.class, program.in(plain)));
                String noFile =
                        refusal(io, FileNotFoundException.class, program.withStdin(Stdio.from(folder.resolve("none"))));
                assertTrue(noFile.startsWith("spawn true: " + folder.resolve("none")), noFile);
                assertEquals(
                        "spawn true: the arguments and the environment are too long (E2BIG)",
                        refusal(io, IOException.class, ProcessSpec.of("true", "x".repeat(1 << 22))));
            }
        });
    }

    // ---------------------------------------------------------------- run

    @Test
    void run_feeds_and_reads_all_streams_at_once() throws Exception {
        byte[] input = new byte[1 << 20];
        Arrays.fill(input, (byte) 'i');
        runWithProcesses(io -> {
            Finished finished = io.processes()
                    .run(io, shell("head -c 500000 /dev/zero >&2; cat; head -c 500000 /dev/zero >&2"), input);
            assertTrue(finished.status().isSuccess());
            assertTrue(finished.isComplete());
            assertEquals(new String(input, StandardCharsets.US_ASCII), finished.output());
            assertEquals(1_000_000, finished.stderr().length);
            // Who does not read its input is no failure.
            assertEquals(input.length, 1 << 20);
            finished = io.processes().run(io, shell("head -c 3; exit 4"), input);
            assertEquals("iii", finished.output());
            assertEquals(new ExitStatus(4), finished.status());
        });
    }

    @Test
    void run_has_a_limit_of_output_and_ends_who_writes_more() throws Exception {
        runWithProcesses(io -> {
            ProcessSpec ten = ProcessSpec.of("head", "-c", "10", "/dev/zero").withOutputLimit(10);
            assertEquals(10, io.processes().run(io, ten).stdout().length);
            ProcessSpec endless = ProcessSpec.of("yes").withOutputLimit(100_000);
            String message = assertThrows(
                            LimitExceededException.class, () -> io.processes().run(io, endless))
                    .getMessage();
            assertTrue(String.valueOf(message).startsWith("output of yes: more than 100000 bytes"), message);
        });
    }

    @Test
    void a_canceled_or_late_run_has_ended_and_reaped_its_child_before_it_throws() throws Exception {
        Path number = folder.resolve("pid");
        runWithProcesses(io -> {
            ProcessSpec sleeps = shell("echo $$ > pid.new; mv pid.new pid; echo said; exec sleep 1000")
                    .in(folder);
            ProcessSpec deaf = shell("trap '' TERM; echo $$ > pid.new; mv pid.new pid; read x; read x")
                    .withGrace(Duration.ofMillis(50))
                    .withStdin(Stdio.from(fifo(io)))
                    .in(folder);
            for (ProcessSpec spec : new ProcessSpec[] {sleeps, deaf}) {
                AtomicLong pid = new AtomicLong();
                AtomicLong seenAlive = new AtomicLong();
                Started<?> runs = Started.start(io, () -> {
                    try {
                        io.processes().run(io, spec);
                    } catch (CanceledException canceled) {
                        pid.set(Long.parseLong(Files.readString(number).strip()));
                        seenAlive.set(isGone(pid.get()) ? 0 : 1);
                        throw canceled;
                    }
                });
                until(io, () -> Files.exists(number));
                assertTrue(runs.endsCanceled(io));
                assertEquals(0, seenAlive.get());
                Files.delete(number);
            }
            assertThrows(
                    TimedOutException.class,
                    () -> io.withTimeout(
                            Duration.ofMillis(50), () -> io.processes().run(io, sleeps)));
        });
    }

    /** A pipe by name that nobody writes, and that is open for writing: who reads it waits. */
    private Path fifo(Io io) throws IOException {
        Path fifo = folder.resolve("fifo");
        assertTrue(io.processes()
                .run(
                        io,
                        shell("mkfifo \"$1\"; sleep 1000 <>\"$1\" >/dev/null 2>&1 & exit 0", fifo.toString())
                                .withStdout(Stdio.DISCARD)
                                .withStderr(Stdio.DISCARD))
                .status()
                .isSuccess());
        return fifo;
    }

    // ---------------------------------------------------------------- cancel, and the end of all

    /** A program that waits at many points, each of which is told first. */
    private static void program(Io io, Runnable point) throws IOException {
        point.run();
        try (Child child = spawn(io, ProcessSpec.of("cat"))) {
            point.run();
            child.stdin().writeAll(io, bytes("there\n"));
            point.run();
            child.stdin().flush(io);
            point.run();
            assertEquals("there", readLine(io, child.stdout()));
            child.stdin().close();
            point.run();
            assertEquals("", readAll(io, child.stdout()));
            point.run();
            assertExits(io, 0, child);
            point.run();
            assertEquals(
                    "again",
                    io.processes().run(io, ProcessSpec.of("printf", "again")).output());
            point.run();
            io.checkCancel();
        }
    }

    @Test
    void a_cancel_at_each_point_leaves_no_process_and_no_pipe() throws Exception {
        runWithProcesses(io -> {
            for (int k = 1; k <= 8; k++) {
                int chosen = k;
                int[] passed = {0};
                Started<?> task = Started.start(
                        io,
                        () -> program(io, () -> {
                            if (++passed[0] == chosen) {
                                Task.current().requestCancel();
                            }
                        }));
                assertInstanceOf(Outcome.Canceled.class, task.future().waitFor(io, LONG), "at point " + k);
            }
            for (int k = 1; k <= 8; k++) { // from outside, as it waits there, or has just gone on
                int chosen = k;
                AtomicLong passed = new AtomicLong();
                Started<?> task = Started.start(io, () -> program(io, passed::incrementAndGet));
                until(io, () -> passed.get() >= chosen || task.future().isDone());
                task.requestCancel();
                Outcome<?> ended = task.future().waitFor(io, LONG);
                assertFalse(ended instanceof Outcome.Failure, () -> "at point " + chosen + ": " + ended);
            }
        });
    }

    @Test
    void two_hundred_children_at_once_say_their_own_and_are_all_reaped() throws Exception {
        runWithProcesses(io -> {
            try (Group group = new Group()) {
                for (int i = 0; i < 200; i++) {
                    int number = i;
                    group.concurrent(io, () -> {
                                Finished finished = io.processes()
                                        .run(
                                                io,
                                                shell("read x; echo $x-$1; exit $2", "" + number, "" + number % 100),
                                                ("in" + number + "\n").getBytes(StandardCharsets.US_ASCII));
                                assertEquals("in" + number + "-" + number + "\n", finished.output());
                                assertEquals(new ExitStatus(number % 100), finished.status());
                            })
                            .getOrElseThrow(ConcurrencyUnavailable::asException);
                }
                group.await(io);
            }
        });
    }

    @Test
    void closing_the_runtime_ends_what_is_left_but_for_what_was_released() throws Exception {
        runWithProcesses(io -> {
            Child left;
            Child released;
            try (IoRuntime second = newRuntime()) {
                Io own = second.io();
                left = spawn(own, ProcessSpec.of("sleep", "1000"));
                released = spawn(own, ProcessSpec.of("sleep", "1000"));
                released.release();
                assertThrows(IOException.class, () -> readAll(own, released.stdout()));
                second.close(Duration.ofSeconds(5));
                assertThrows(
                        IllegalStateException.class,
                        () -> spawn(own, ProcessSpec.of("true")).close());
            }
            assertTrue(isGone(left.pid()));
            assertEquals(Optional.of(true), ProcessHandle.of(released.pid()).map(ProcessHandle::isAlive));
            released.kill();
            assertEquals(9, released.await(io, Timeout.after(PATIENCE)).signal().orElseThrow());
            released.close();
        });
    }
}
