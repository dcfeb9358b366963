package io.amphio.benchmarks;

import io.amphio.Io;
import io.amphio.IoOptions;
import io.amphio.IoRuntime;
import java.io.IOException;

/**
 * Ours: one case in this process, as {@code case=NAME io=evented|blocking loops=N backend=NAME secs=S rounds=R engine=LABEL}.
 *
 * <p>All rounds run in one main task, which starts the tasks of a round and awaits them.
 */
public final class Cases {
    private static final String[] KNOWN = {
        "queue_ping_pong/PAIRS",
        "worker_pool/fan_in",
        "worker_pool/fan_out",
        "spawn/N",
        "spawn_group/N",
        "async/N",
        "sleep/NxMILLIS",
        "mutex",
        "semaphore",
        "timeouts",
        "timeouts/auto_cancel",
        "select",
        "yield",
        "wake/thread",
        "wake/loops",
        "file_random/DEPTH",
        "file_sequential"
    };

    private Cases() {}

    /** What a case does in each round. */
    @FunctionalInterface
    interface Body {
        void run(Io io) throws Exception;
    }

    /** Runs the case that the arguments name. */
    public static void main(String[] args) throws Exception {
        Arguments arguments = Arguments.of(args);
        Case which = Case.of(arguments);
        Body body = body(which, arguments);
        try (IoRuntime runtime = open(arguments)) {
            runtime.<Exception>run(io -> Rounds.measure(arguments, which, "amphio", () -> body.run(io)));
        }
    }

    /** Opens the {@code Io} that the arguments name. */
    static IoRuntime open(Arguments arguments) {
        IoOptions options = IoOptions.of(arguments.get("io", "evented"))
                .with("backend", arguments.get("backend", "auto"))
                .with(
                        "loops",
                        arguments.get(
                                "loops", Integer.toString(Runtime.getRuntime().availableProcessors())))
                .with("mode", arguments.get("scheduling", "stealing"));
        return IoRuntime.open(options);
    }

    private static Body body(Case which, Arguments arguments) throws IOException {
        if (!which.kind().startsWith("file")) {
            return body(which);
        }
        TestFile test = TestFile.of(arguments, which);
        return which.kind().equals("file_random")
                ? io -> FileCases.random(io, test, which.scaled(20_000), which.number(0))
                : io -> FileCases.sequential(io, test);
    }

    private static Body body(Case which) {
        return switch (which.name()) {
            case "worker_pool/fan_in" -> io -> ChannelCases.workerPool(io, 1_000, 1, which.scaled(100));
            case "worker_pool/fan_out" -> io -> ChannelCases.workerPool(io, 1, 1_000, which.scaled(100));
            case "mutex" -> io -> SyncCases.mutex(io, 4, which.scaled(100_000));
            case "semaphore" -> io -> SyncCases.semaphore(io, 4, which.scaled(25_000));
            case "select" -> io -> ChannelCases.select(io, which.scaled(50_000));
            case "timeouts" -> io -> TimeCases.withTimeout(io, which.scaled(1_000_000));
            case "timeouts/auto_cancel" -> io -> TimeCases.autoCancel(io, which.scaled(1_000_000));
            case "yield" -> io -> TaskCases.yields(io, 2, which.scaled(50_000));
            case "wake/thread" -> io -> ChannelCases.wakeFromThread(io, which.scaled(5_000));
            case "wake/loops" -> io -> ChannelCases.wakeAcross(io, which.scaled(5_000));
            default -> sizedBody(which);
        };
    }

    private static Body sizedBody(Case which) {
        return switch (which.kind()) {
            case "queue_ping_pong" -> io -> ChannelCases.pingPong(io, which.number(0), which.scaled(100_000));
            case "spawn" -> io -> TaskCases.spawn(io, which.scaled(which.number(0)));
            case "spawn_group" -> io -> TaskCases.spawnInGroup(io, which.scaled(which.number(0)));
            case "async" -> io -> TaskCases.async(io, which.scaled(which.number(0)));
            case "sleep" -> io -> TimeCases.sleep(io, which.scaled(which.number(0)), which.number(1));
            default -> throw which.unknown(KNOWN);
        };
    }
}
