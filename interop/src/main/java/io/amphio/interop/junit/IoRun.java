package io.amphio.interop.junit;

import io.amphio.ConcurrencyUnavailable;
import io.amphio.Future;
import io.amphio.Io;
import io.amphio.IoOptions;
import io.amphio.IoRuntime;
import io.amphio.Outcome;
import io.amphio.TaskOptions;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * One run of a test on one implementation: opens its runtime, runs it as a task with a deadline, and looks for what it left behind.
 *
 * <p>Owned by the thread that JUnit runs the test on; the test's task sees the {@code Io} only.
 */
final class IoRun implements BeforeEachCallback, AfterEachCallback, ParameterResolver, InvocationInterceptor {
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final IoOptions options;
    private final Duration deadline;
    private @Nullable IoRuntime runtime;
    private @Nullable TrackingIo io;
    private @Nullable Descriptors descriptorsBefore;
    private @Nullable PlatformThreads threadsBefore;

    IoRun(IoOptions options, Duration deadline) {
        this.options = options;
        this.deadline = deadline;
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        threadsBefore = PlatformThreads.now();
        IoRuntime opened = IoRuntime.open(options);
        runtime = opened;
        io = new TrackingIo(opened.io());
        descriptorsBefore = Descriptors.now();
    }

    // ---------------------------------------------------------------- parameters

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == Io.class || type == IoRuntime.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return Objects.requireNonNull(parameter.getParameter().getType() == Io.class ? io : runtime);
    }

    // ---------------------------------------------------------------- the test

    @Override
    @SuppressWarnings("NullAway") // JUnit's Void is null, whatever its type says
    public void interceptTestTemplateMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        Io own = Objects.requireNonNull(runtime).io();
        TaskOptions named = TaskOptions.named(method.getExecutable().getName());
        Future<@Nullable Void> test = own.<@Nullable Void>concurrent(named, invocation::proceed)
                .getOrElseThrow(ConcurrencyUnavailable::asException);
        Outcome<@Nullable Void> outcome;
        try {
            outcome = test.waitFor(own, Timeout.after(deadline));
        } catch (TimedOutException late) {
            throw canceled(own, test);
        }
        if (outcome instanceof Outcome.Failure<?>(Throwable thrown)) {
            throw thrown;
        }
        if (outcome instanceof Outcome.Canceled<?>(Throwable struck)) {
            throw new AssertionError("the test was canceled, and not by its deadline", struck);
        }
    }

    private AssertionError canceled(Io own, Future<?> test) {
        String dump = own.dumpTasks();
        String stubborn = "";
        test.requestCancel();
        try {
            test.waitFor(own, Timeout.after(GRACE));
        } catch (TimedOutException goesOn) {
            stubborn = "; it was canceled, and still runs after " + GRACE.toSeconds() + " s";
        }
        AssertionError failure =
                new AssertionError("the deadline of " + deadline.toMillis() + " ms passed" + stubborn + "\n" + dump);
        if (test.outcome() instanceof Outcome.Failure<?>(Throwable thrown)) {
            failure.addSuppressed(thrown);
        } else if (test.outcome() instanceof Outcome.Canceled<?>(Throwable struck)) {
            failure.addSuppressed(struck);
        }
        return failure;
    }

    // ---------------------------------------------------------------- what is left

    @Override
    public void afterEach(ExtensionContext context) {
        IoRuntime opened = runtime;
        TrackingIo tracking = io;
        if (opened == null || tracking == null) {
            return; // it failed to open
        }
        List<String> leaks = new ArrayList<>();
        leaks.addAll(Settling.until(tracking::leaked));
        leaks.addAll(Settling.until(() -> Descriptors.now().since(Objects.requireNonNull(descriptorsBefore))));
        try {
            opened.close(GRACE);
        } catch (IllegalStateException leftRunning) {
            leaks.add(String.valueOf(leftRunning.getMessage()));
        }
        leaks.addAll(Settling.until(() -> PlatformThreads.now().since(Objects.requireNonNull(threadsBefore))));
        if (leaks.isEmpty()) {
            return;
        }
        AssertionError failure = new AssertionError("the test left behind:\n" + String.join("\n", leaks));
        context.getExecutionException().ifPresentOrElse(first -> first.addSuppressed(failure), () -> {
            throw failure;
        });
    }
}
