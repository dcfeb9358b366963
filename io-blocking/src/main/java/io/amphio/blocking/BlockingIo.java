package io.amphio.blocking;

import io.amphio.IoOptions;
import io.amphio.IoRuntime;
import io.amphio.spi.IoProvider;
import java.util.Objects;

/**
 * The {@code Io} that blocks platform threads: each task has one, and waits by blocking it. Pure JDK.
 *
 * <p>Right for a moderate number of tasks, for code that lives on thread locals or blocks anyway, and where a stack per task in
 * every debugger and profiler is worth a megabyte of address space. For tens of thousands of tasks use the evented one.
 *
 * <p><b>Tasks.</b> {@code concurrent} takes an idle thread or a new one, up to a limit. {@code async} does too, up to
 * {@linkplain BlockingOptions#withAsyncLimit its own, much lower limit: from there on <b>it runs the body in the caller</b>, so
 * loops that must run side by side are started with {@code concurrent}}. Idle threads end after a while. They are no daemons:
 * a task keeps the process alive as any thread does. Thread locals that a task sets and leaves are seen by the next one.
 *
 * <p><b>Waiting.</b> Sockets are non-blocking channels, and a thread that waits for one blocks in a selector of its own. So a
 * cancel or a timeout ends the wait and nothing else: no connection is closed by it, and {@link Thread#interrupt} is not used.
 *
 * <p><b>Callers on virtual threads</b>, coroutines among them, never block their carrier: they park, while one thread watches the
 * sockets of all of them, another runs what {@code call} is given and what an {@code async} would run in the caller.
 */
public final class BlockingIo {
    private BlockingIo() {}

    /** Opens one with {@link BlockingOptions#DEFAULT}. */
    public static IoRuntime open() {
        return open(BlockingOptions.DEFAULT);
    }

    /** Opens one. */
    public static IoRuntime open(BlockingOptions options) {
        Objects.requireNonNull(options, "open: the options are null");
        return IoRuntime.open(new Fixed(options), IoOptions.of(BlockingIoProvider.NAME));
    }

    /** Opens what it was told to, whatever the command line says. */
    private record Fixed(BlockingOptions options) implements IoProvider {
        @Override
        public String name() {
            return BlockingIoProvider.NAME;
        }

        @Override
        public boolean isDefault() {
            return false;
        }

        @Override
        public Instance open(IoOptions ignored) {
            return new ThreadIoInstance(options);
        }
    }
}
