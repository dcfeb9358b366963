package io.amphio.evented.coro;

import io.amphio.evented.ffi.JavaLangOpens;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The one place that knows how a virtual thread gets a scheduler of ours, and whether this JVM lets it.
 *
 * <p>JDK 25 has no public way. It has the constructor {@code java.lang.ThreadBuilders$VirtualThreadBuilder(Executor)},
 * which can be called only where {@code java.lang} is open to this module. A later JDK's public scheduler API would
 * replace this class and nothing else.
 *
 * <p>The system property {@value #PROPERTY} decides: {@code own} fails where java.lang is not open, {@code stock} leaves
 * the JDK's scheduler in charge even where it is, and {@code auto} (the default) takes what there is. {@code jvmti} is
 * {@code auto}, but first opens java.lang by itself, through the JVM's tool interface: for programs that cannot be started with
 * an option. It takes JNA and enabled native access, and is never done unasked.
 *
 * <p><b>Threads:</b> immutable; every method may be called from any thread.
 */
public final class SchedulerBridge {
    /** The system property that chooses the mode: {@code own}, {@code stock}, {@code auto} or {@code jvmti}. */
    public static final String PROPERTY = "amphio.evented.scheduler";

    /** Who schedules coroutines. */
    public enum Mode {
        /** We do: a coroutine runs on whichever platform thread calls {@link Coroutine#runUntilParked}. */
        OWN,
        /** The JDK does, on its ForkJoinPool: same results, but coroutines do not run on our threads. */
        STOCK
    }

    private static final SchedulerBridge FORCED_STOCK =
            new SchedulerBridge(null, "stock virtual threads, as " + PROPERTY + "=stock asks for");

    private static volatile @Nullable SchedulerBridge own; // what a probe found; any thread, always an equal value

    private final @Nullable MethodHandle builderOf; // (Executor)Thread.Builder.OfVirtual; null in stock mode
    private final String explanation;

    private SchedulerBridge(@Nullable MethodHandle builderOf, String explanation) {
        this.builderOf = builderOf;
        this.explanation = explanation;
    }

    /**
     * Returns the bridge that the system property {@value #PROPERTY} asks for.
     *
     * @return the bridge
     * @throws IllegalStateException if it says {@code own} and this JVM does not let us
     * @throws IllegalArgumentException if it says anything but {@code own}, {@code stock}, {@code auto} or {@code jvmti}
     */
    public static SchedulerBridge open() {
        return open(System.getProperty(PROPERTY, "auto"));
    }

    /**
     * Returns the bridge that is asked for.
     *
     * @param wanted {@code own}, {@code stock}, {@code auto} or {@code jvmti}
     * @return the bridge
     * @throws IllegalStateException if it is {@code own} and this JVM does not let us
     * @throws IllegalArgumentException if it is anything else
     */
    public static SchedulerBridge open(String wanted) {
        return switch (wanted) {
            case "auto" -> probe();
            case "jvmti" -> openByToolInterface();
            case "stock" -> FORCED_STOCK;
            case "own" -> {
                SchedulerBridge found = probe();
                if (found.mode() != Mode.OWN) {
                    throw new IllegalStateException(PROPERTY + "=own: " + found.explanation);
                }
                yield found;
            }
            default ->
                throw new IllegalArgumentException(
                        PROPERTY + "=" + wanted + ": unknown; there are own, stock, auto and jvmti");
        };
    }

    /**
     * Returns the bridge to the JDK's own scheduler, whatever this JVM would allow.
     *
     * @return a bridge in {@link Mode#STOCK}
     */
    public static SchedulerBridge stock() {
        return FORCED_STOCK;
    }

    /**
     * Returns who schedules the coroutines made with this bridge.
     *
     * @return the mode
     */
    public Mode mode() {
        return builderOf != null ? Mode.OWN : Mode.STOCK;
    }

    /**
     * Says why the mode is what it is and, where java.lang is closed to us, how to open it: one line for a log.
     *
     * @return one line of text
     */
    public String explanation() {
        return explanation;
    }

    /** Does now what the first coroutine would have to wait for: the JDK's pollers need descriptors, and there may be none later. */
    public void prepare() {
        if (mode() == Mode.OWN) {
            JdkPollers.ready();
        }
    }

    @Override
    public String toString() {
        return mode() + ": " + explanation;
    }

    /** Makes a virtual thread, not started: on {@code scheduler} in {@link Mode#OWN}, on the JDK's otherwise. */
    Thread newThread(Executor scheduler, String name, Runnable body) {
        MethodHandle constructor = builderOf;
        if (constructor == null) {
            return Thread.ofVirtual().name(name).unstarted(body);
        }
        JdkPollers.ready();
        try {
            return ((Thread.Builder.OfVirtual) constructor.invokeExact(scheduler))
                    .name(name)
                    .unstarted(body);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) { // the constructor declares nothing
            throw new AssertionError("virtual thread \"" + name + "\" on a scheduler of ours", e);
        }
    }

    /** Looked up each time until it succeeds, since an agent may open the package while the program runs. */
    private static SchedulerBridge probe() {
        SchedulerBridge known = own;
        if (known != null) {
            return known;
        }
        Module us = SchedulerBridge.class.getModule();
        if (!Object.class.getModule().isOpen("java.lang", us)) {
            return new SchedulerBridge(null, closedTo(us.isNamed() ? us.getName() : "ALL-UNNAMED"));
        }
        SchedulerBridge found = findConstructor();
        if (found.mode() == Mode.OWN) {
            own = found;
        }
        return found;
    }

    private static SchedulerBridge openByToolInterface() {
        SchedulerBridge found = probe();
        if (found.mode() == Mode.OWN) {
            return found;
        }
        String refusal;
        try {
            refusal = JavaLangOpens.open();
        } catch (LinkageError noJna) {
            refusal = noJna.toString();
        }
        return refusal == null
                ? probe()
                : new SchedulerBridge(
                        null, found.explanation + ". Opening it as " + PROPERTY + "=jvmti asks for failed: " + refusal);
    }

    private static SchedulerBridge findConstructor() {
        try {
            Constructor<?> constructor = Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder")
                    .getDeclaredConstructor(Executor.class);
            constructor.setAccessible(true);
            MethodHandle builderOf = MethodHandles.lookup()
                    .unreflectConstructor(constructor)
                    .asType(MethodType.methodType(Thread.Builder.OfVirtual.class, Executor.class));
            CurrentCoroutine.learn(MethodHandles.lookup());
            return new SchedulerBridge(builderOf, "virtual threads on schedulers of our own");
        } catch (ReflectiveOperationException | RuntimeException e) {
            return new SchedulerBridge(
                    null,
                    "stock virtual threads: this JDK (" + Runtime.version()
                            + ") has no virtual threads with a scheduler in a way that we know of (" + e + ")");
        }
    }

    private static String closedTo(String module) {
        return "stock virtual threads, carried by the JDK's ForkJoinPool: java.lang is not open to us. To run coroutines"
                + " on threads of our own, start Java with --add-opens java.base/java.lang=" + module
                + ", or with -javaagent:io-evented.jar, or put \"Add-Opens: java.base/java.lang\" into the manifest of"
                + " a jar that is run by java -jar";
    }
}
