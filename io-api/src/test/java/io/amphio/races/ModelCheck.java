package io.amphio.races;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionResult;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionResultKt;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.kotlinx.lincheck.util.ExceptionResult;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.verifier.Verifier;
import org.jetbrains.lincheck.util.LoggingLevel;

/**
 * Lets the model checker run a race in one interleaving after another, parks included.
 *
 * <p>A race is a public class with methods for the threads to call, marked {@code @Operation}, and one that looks at the
 * result, marked {@code @Validate}. What it promises is an invariant, and not linearizability: the verifier of that runs the
 * methods one after the other, where a wait would never end. What fails a race is an exception from any method, and a thread
 * that never goes on: that is how a lost wake-up looks.
 */
public final class ModelCheck {
    /** Of each scenario; each twin was seen to be caught within a third of it. */
    private static final int INTERLEAVINGS = Integer.getInteger("amphio.interleavings", 300);

    /** What the model checker says of a thread that nobody wakes. */
    public static final String HUNG = "hung";
    /** What it says when the race's {@code @Validate} method throws. */
    public static final String INVALID = "Validation function";
    /** What it says when another method throws. */
    public static final String THROWN = "Invalid execution results";

    private final Class<?> race;
    private final ModelCheckingOptions options;
    private List<Actor> before = new ArrayList<>();
    private List<List<Actor>> threads = new ArrayList<>();

    private ModelCheck(Class<?> race) {
        this.race = race;
        this.options = new ModelCheckingOptions()
                .iterations(0) // of scenarios made up at random: those that are given are enough
                .invocationsPerIteration(INTERLEAVINGS)
                .minimizeFailedScenario(false)
                .logLevel(LoggingLevel.ERROR)
                .verifier(NoException.class);
    }

    /** Begins the first scenario of {@code race}. */
    public static ModelCheck of(Class<?> race) {
        return new ModelCheck(race);
    }

    /** Has {@code methods} called before the threads of this scenario begin. */
    public ModelCheck before(String... methods) {
        before.addAll(actors(methods));
        return this;
    }

    /** Adds a thread that calls {@code methods} to this scenario. */
    public ModelCheck thread(String... methods) {
        threads.add(actors(methods));
        return this;
    }

    /** Begins another scenario. */
    public ModelCheck or() {
        options.addCustomScenario(new ExecutionScenario(before, threads, List.of(), null));
        before = new ArrayList<>();
        threads = new ArrayList<>();
        return this;
    }

    private List<Actor> actors(String... methods) {
        return Arrays.stream(methods)
                .map(method -> new Actor(named(method), List.of()))
                .toList();
    }

    private Method named(String method) {
        try {
            return race.getMethod(method);
        } catch (NoSuchMethodException e) {
            throw new AssertionError(e);
        }
    }

    /** Fails if an interleaving of a scenario is found in which the race goes wrong. */
    public void passes() {
        or();
        options.check(race);
    }

    /** Fails unless an interleaving is found in which the race, that of a broken twin, goes wrong in the way {@code how}. */
    public void fails(String how) {
        LincheckAssertionError caught = assertThrows(LincheckAssertionError.class, this::passes);
        assertTrue(String.valueOf(caught.getMessage()).contains(how), () -> "not " + how + ": " + caught.getMessage());
    }

    /** Accepts every execution in which no method has thrown; the checker makes it, so it is public. */
    public static final class NoException implements Verifier {
        /** Creates one, as the checker does. */
        public NoException(@SuppressWarnings("unused") Class<?> specification) {}

        @Override
        public boolean verifyResults(ExecutionScenario scenario, ExecutionResult results) {
            return ExecutionResultKt.getAllResults(results).stream().noneMatch(ExceptionResult.class::isInstance);
        }
    }
}
