package io.amphio.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What to start: a program, its arguments, and what it finds when it runs.
 *
 * <p>No shell comes between: arguments are passed as they are. A program without a slash is looked for along the {@code PATH} of this
 * process.
 *
 * <p><b>Threads:</b> immutable; each {@code with} returns another one.
 */
public final class ProcessSpec {
    /** How long a process has to end when asked, before it is killed: 5 seconds. */
    public static final Duration DEFAULT_GRACE = Duration.ofSeconds(5);

    /** How many bytes of each output {@link Processes#run} collects at most: 16 MiB. */
    public static final int DEFAULT_OUTPUT_LIMIT = 16 << 20;

    private static final Map<String, Optional<String>> NOTHING_CHANGED = Map.of();

    private final List<String> command;
    private final @Nullable Path directory;
    private final boolean environmentInherited;
    private final Map<String, Optional<String>> environment; // an empty one removes
    private final Stdio stdin;
    private final Stdio stdout;
    private final Stdio stderr;
    private final Duration grace;
    private final int outputLimit;

    private ProcessSpec(
            List<String> command,
            @Nullable Path directory,
            boolean environmentInherited,
            Map<String, Optional<String>> environment,
            Stdio stdin,
            Stdio stdout,
            Stdio stderr,
            Duration grace,
            int outputLimit) {
        this.command = command;
        this.directory = directory;
        this.environmentInherited = environmentInherited;
        this.environment = environment;
        this.stdin = stdin;
        this.stdout = stdout;
        this.stderr = stderr;
        this.grace = grace;
        this.outputLimit = outputLimit;
    }

    /**
     * Returns how to start a program in the current directory, with the environment of this process, and pipes.
     *
     * @param program its name or path
     * @param arguments passed as they are
     * @throws IllegalArgumentException if the program is empty, or one of them contains a zero character
     */
    public static ProcessSpec of(String program, String... arguments) {
        List<String> command = new ArrayList<>(arguments.length + 1);
        command.add(program);
        command.addAll(List.of(arguments));
        return of(command);
    }

    /**
     * Returns how to start a program, as {@link #of(String, String...)} does.
     *
     * @param command the program and its arguments
     */
    public static ProcessSpec of(List<String> command) {
        List<String> copy = List.copyOf(command);
        if (copy.isEmpty() || copy.getFirst().isEmpty()) {
            throw new IllegalArgumentException("a process without a program");
        }
        copy.forEach(each -> requireText("argument", each));
        return new ProcessSpec(
                copy,
                null,
                true,
                NOTHING_CHANGED,
                Stdio.PIPE,
                Stdio.PIPE,
                Stdio.PIPE,
                DEFAULT_GRACE,
                DEFAULT_OUTPUT_LIMIT);
    }

    private static void requireText(String what, String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    "an " + what + " of a process contains a zero character: " + text.replace("\0", "\\0"));
        }
    }

    /** Returns this, to be started in another directory. */
    public ProcessSpec in(Path newDirectory) {
        Objects.requireNonNull(newDirectory, "the directory is null");
        return with(newDirectory, environmentInherited, environment, stdin, stdout, stderr, grace, outputLimit);
    }

    /**
     * Returns this with a variable of the environment set.
     *
     * @throws IllegalArgumentException if the name is empty or contains {@code =}, or either a zero character
     */
    public ProcessSpec withEnvironment(String name, String value) {
        requireText("environment", value);
        return withEnvironment(name, Optional.of(value));
    }

    /** Returns this without a variable of the environment. */
    public ProcessSpec withoutEnvironment(String name) {
        return withEnvironment(name, Optional.empty());
    }

    private ProcessSpec withEnvironment(String name, Optional<String> value) {
        requireText("environment", name);
        if (name.isEmpty() || name.indexOf('=') >= 0) {
            throw new IllegalArgumentException("not a name in an environment: \"" + name + '"');
        }
        Map<String, Optional<String>> changed = new LinkedHashMap<>(environment);
        changed.put(name, value);
        return with(directory, environmentInherited, changed, stdin, stdout, stderr, grace, outputLimit);
    }

    /** Returns this with an environment that is empty but for what is set from here on. */
    public ProcessSpec withEmptyEnvironment() {
        return with(directory, false, NOTHING_CHANGED, stdin, stdout, stderr, grace, outputLimit);
    }

    /**
     * Returns this with another standard input.
     *
     * @throws IllegalArgumentException if it is one for outputs
     */
    public ProcessSpec withStdin(Stdio newStdin) {
        if (newStdin instanceof Stdio.To || newStdin instanceof Stdio.Merge) {
            throw new IllegalArgumentException("standard input: " + newStdin + " is for outputs");
        }
        return with(directory, environmentInherited, environment, newStdin, stdout, stderr, grace, outputLimit);
    }

    /**
     * Returns this with another standard output.
     *
     * @throws IllegalArgumentException if it is one for input, or {@link Stdio#MERGE}
     */
    public ProcessSpec withStdout(Stdio newStdout) {
        if (newStdout instanceof Stdio.From || newStdout instanceof Stdio.Merge) {
            throw new IllegalArgumentException("standard output: " + newStdout + " is not for it");
        }
        return with(directory, environmentInherited, environment, stdin, newStdout, stderr, grace, outputLimit);
    }

    /**
     * Returns this with another error output.
     *
     * @throws IllegalArgumentException if it is one for input
     */
    public ProcessSpec withStderr(Stdio newStderr) {
        if (newStderr instanceof Stdio.From) {
            throw new IllegalArgumentException("error output: " + newStderr + " is for input");
        }
        return with(directory, environmentInherited, environment, stdin, stdout, newStderr, grace, outputLimit);
    }

    /**
     * Returns this with another time to end when asked, before it is killed.
     *
     * @throws IllegalArgumentException if it is below zero; zero kills at once
     */
    public ProcessSpec withGrace(Duration newGrace) {
        if (newGrace.isNegative()) {
            throw new IllegalArgumentException("a grace period below zero: " + newGrace);
        }
        return with(directory, environmentInherited, environment, stdin, stdout, stderr, newGrace, outputLimit);
    }

    /**
     * Returns this with another limit of what {@link Processes#run} collects.
     *
     * @param bytes of each output at most, 0 or more
     */
    public ProcessSpec withOutputLimit(int bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("an output limit below 0: " + bytes);
        }
        return with(directory, environmentInherited, environment, stdin, stdout, stderr, grace, bytes);
    }

    private ProcessSpec with(
            @Nullable Path newDirectory,
            boolean inherited,
            Map<String, Optional<String>> newEnvironment,
            Stdio newStdin,
            Stdio newStdout,
            Stdio newStderr,
            Duration newGrace,
            int newLimit) {
        return new ProcessSpec(
                command,
                newDirectory,
                inherited,
                newEnvironment,
                Objects.requireNonNull(newStdin),
                Objects.requireNonNull(newStdout),
                Objects.requireNonNull(newStderr),
                newGrace,
                newLimit);
    }

    /** Returns the program and its arguments. */
    public List<String> command() {
        return command;
    }

    /** Returns the program. */
    public String program() {
        return command.getFirst();
    }

    /** Returns the directory, or null for that of this process. */
    public @Nullable Path directory() {
        return directory;
    }

    /** Makes {@code variables}, which are those of this process, the environment of the one to come. */
    public void applyEnvironment(Map<String, String> variables) {
        if (!environmentInherited) {
            variables.clear();
        }
        environment.forEach(
                (name, value) -> value.ifPresentOrElse(set -> variables.put(name, set), () -> variables.remove(name)));
    }

    /** Returns what standard input is. */
    public Stdio stdin() {
        return stdin;
    }

    /** Returns what standard output is. */
    public Stdio stdout() {
        return stdout;
    }

    /** Returns what error output is. */
    public Stdio stderr() {
        return stderr;
    }

    /** Returns how long it has to end when asked. */
    public Duration grace() {
        return grace;
    }

    /** Returns how many bytes of each output are collected at most. */
    public int outputLimit() {
        return outputLimit;
    }

    /** The program only: arguments may be secret. */
    @Override
    public String toString() {
        return "ProcessSpec[" + program() + ", " + (command.size() - 1) + " arguments]";
    }
}
