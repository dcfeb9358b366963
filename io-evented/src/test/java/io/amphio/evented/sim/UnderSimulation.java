package io.amphio.evented.sim;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.amphio.IoOptions;
import io.amphio.IoRuntime;
import io.amphio.evented.coro.SchedulerBridge;
import io.amphio.spi.IoProvider;
import io.amphio.spi.Task;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * Runs each test as the main task of a simulated world, once for each of some seeds.
 *
 * <p>A test that has no meaning there is excluded by its name, with what its run has to fail with: so none is excluded that
 * would pass, and the reason stays true.
 */
final class UnderSimulation implements InvocationInterceptor {
    /** Why a test has no meaning in a simulated world, and how it then fails there. */
    enum Why {
        /**
         * Threads take part that are no tasks. What becomes of that depends on when they come, so it is not run; that such a thread
         * is refused, and fails the run, SimulatedIoTest has step by step.
         */
        THREADS(SimulationFailure.Kind.OUTSIDE),
        /** It is about plain threads, and runs in a task here. */
        PLAIN_THREAD(SimulationFailure.Kind.PROGRAM),
        /** It is about the machine's clock. */
        WALL_CLOCK(SimulationFailure.Kind.PROGRAM),
        /** It looks for the implementation by its name, and this one has none. */
        NAME(SimulationFailure.Kind.PROGRAM),
        /** It prepares or reads real files, and a world has those of its own: SimulatedLoopTest tests them. */
        REAL_FILES(SimulationFailure.Kind.PROGRAM),
        /** It joins groups, which a world refuses. */
        MULTICAST(SimulationFailure.Kind.PROGRAM),
        /** It waits by means of the JDK for another task, which is not seen where the JDK schedules. */
        BLOCKS(SimulationFailure.Kind.STALLED);

        private final SimulationFailure.Kind kind;

        Why(SimulationFailure.Kind kind) {
            this.kind = kind;
        }

        /** Returns whether that is how it fails. */
        boolean fits(SimulationFailure.Kind seen) {
            return seen == kind;
        }
    }

    /** Parameters of tests that say that threads take part. */
    private static final Set<String> THREADS_BY_NAME =
            Set.of("PLATFORM_THREAD", "VIRTUAL_THREAD", "FOREIGN_THREADS", "TASKS_AND_THREADS");

    private static @Nullable Why excludedByArgument(List<Object> arguments) {
        return arguments.stream()
                        .anyMatch(each -> each instanceof Enum<?> named && THREADS_BY_NAME.contains(named.name()))
                ? Why.THREADS
                : null;
    }

    private static final Duration SHORT_STALL_LIMIT = Duration.ofSeconds(1);

    /** With buffers as large as those of a kernel, since some tests write without anybody who reads. */
    private static final SimulationOptions OPTIONS = SimulationOptions.DEFAULT.withBufferBytes(256 << 10);

    /** What a test class tells this extension; its nested classes are asked by it. */
    interface Settings {
        /** Who schedules. */
        SchedulerBridge bridge();

        /** How many seeds a test gets, from 0 on. */
        int seeds(String method);

        /** What is excluded, by the name of the method. */
        Map<String, Why> excluded();
    }

    @Override
    public void interceptTestMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> context, ExtensionContext extension)
            throws Throwable {
        runAll(invocation, context, extension);
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> context, ExtensionContext extension)
            throws Throwable {
        runAll(invocation, context, extension);
    }

    private static void runAll(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> context, ExtensionContext extension) {
        invocation.skip(); // it can be proceeded with only once
        Settings settings = extension
                .getRequiredTestInstances()
                .findInstance(Settings.class)
                .orElseThrow(() -> new IllegalStateException("the outermost class of the test has no Settings"));
        Method method = context.getExecutable();
        method.setAccessible(true);
        SimulatedIo.Program program = io -> invoke(method, context);
        Why byName = settings.excluded().get(method.getName());
        Why excluded = byName != null ? byName : excludedByArgument(context.getArguments());
        if (excluded == Why.THREADS) {
            Assumptions.abort("threads take part that are no part of a simulated world");
        } else if (excluded != null) {
            assertFails(settings, excluded, program);
        } else {
            for (long seed = 0; seed < settings.seeds(method.getName()); seed++) {
                SimulatedIo.run(OPTIONS, settings.bridge(), seed, FaultPlan.NONE, null, program);
            }
        }
    }

    private static void assertFails(Settings settings, Why excluded, SimulatedIo.Program program) {
        SimulationOptions options = OPTIONS.withStallLimit(SHORT_STALL_LIMIT);
        try {
            SimulatedIo.run(options, settings.bridge(), 0, FaultPlan.NONE, null, program);
        } catch (SimulationFailure failure) {
            assertTrue(excluded.fits(failure.kind()), failure::getMessage);
            return;
        }
        fail("it passes: there is no reason to exclude it");
    }

    private static void invoke(Method method, ReflectiveInvocationContext<Method> context) throws Exception {
        try {
            method.invoke(
                    context.getTarget().orElse(null), context.getArguments().toArray());
        } catch (InvocationTargetException thrown) {
            if (thrown.getCause() instanceof Error error) {
                throw error;
            }
            throw (Exception) thrown.getCause();
        }
    }

    /** Opens one more runtime in the world of the current task. */
    static IoRuntime newRuntime() {
        World world = ((SimulatedTask<?>) Task.current()).world;
        return IoRuntime.open(new Provider(world), IoOptions.of(SimulatedInstance.NAME));
    }

    private record Provider(World world) implements IoProvider {
        @Override
        public String name() {
            return SimulatedInstance.NAME;
        }

        @Override
        public boolean isDefault() {
            return false;
        }

        @Override
        public Instance open(IoOptions options) {
            return new SimulatedInstance(world);
        }
    }
}
