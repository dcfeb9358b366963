package io.amphio.interop.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that runs once on each implementation of {@link io.amphio.Io}, or on those it names, as a task of it.
 *
 * <pre>{@code
 * @IoTest
 * void an_echo_comes_back(Io io) throws IOException { … }
 *
 * @IoTest(value = "evented", options = "loops=1", deadlineMillis = 2_000)
 * void one_loop_is_enough(Io io, IoRuntime runtime) { … }
 * }</pre>
 *
 * <p>The method, and the {@code BeforeEach} and {@code AfterEach} methods of its class, may have parameters of type
 * {@link io.amphio.Io} and {@link io.amphio.IoRuntime}; each run has a runtime of its own, which is closed after it.
 *
 * <p>The test fails if, when it and the {@code AfterEach} methods are through,
 *
 * <ul>
 *   <li>its deadline has passed: it is canceled then, and the failure says what every task waited for;
 *   <li>a task still runs: named, with the place where it was started, if that was by the {@code Io} that the test was given;
 *   <li>a socket, pipe or file is open that was not before (on Linux, where the system tells);
 *   <li>a platform thread lives, after the runtime was closed, that did not before.
 * </ul>
 *
 * <p>What ends within a second is no leak. Descriptors and threads are counted in the whole process: such tests do not run beside
 * others.
 */
@Documented
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@ExtendWith(IoExtension.class)
@SuppressWarnings(
        "exports") // JUnit is optional, so who uses this requires it himself; its extension is nobody else's to use
public @interface IoTest {
    /** Returns the names of the implementations to run on; none means all that there are. */
    String[] value() default {};

    /** Returns what to open them with: {@code name=value}, as {@link io.amphio.IoOptions#with} takes it. */
    String[] options() default {};

    /** Returns how long the test may take before it is canceled. */
    long deadlineMillis() default 10_000;
}
