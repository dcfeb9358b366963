package io.amphio.spi.process;

import io.amphio.process.Signal;
import io.amphio.process.SignalSubscription;
import io.amphio.process.Signals;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The signals of this JVM, and who takes them: for each one handler of the JDK's, as long as anybody does.
 *
 * <pre>
 *   a signal has        event                           next               and then
 *   -----------------   -----------------------------   ----------------   ---------------------------------------
 *   nobody              subscribe, or stand in          receivers          our handler is installed
 *   receivers           it comes                        receivers          the subscribers are told; the stand-ins
 *                                                                          only if there is no subscriber
 *   receivers           one more, one of several less   receivers
 *   its last receiver   leaves                          nobody             the handler before ours is put back
 * </pre>
 *
 * <p>All of it under one lock, but for the telling. A signal that comes while the last one leaves may be told to nobody.
 *
 * <p>By reflection on {@code sun.misc.Signal}, the only such thing that the JDK supports: javac warns of a direct use and
 * nothing silences it.
 */
public final class JvmSignals implements Signals {
    /** That of this JVM. */
    public static final JvmSignals SHARED = new JvmSignals();

    private static final String OF_VM = "the Java VM uses it itself";
    private static final Map<String, String> REFUSED = Map.ofEntries(
            Map.entry("KILL", "no process can"),
            Map.entry("STOP", "no process can"),
            Map.entry("QUIT", OF_VM),
            Map.entry("SEGV", OF_VM),
            Map.entry("BUS", OF_VM),
            Map.entry("ILL", OF_VM),
            Map.entry("FPE", OF_VM),
            Map.entry("TRAP", OF_VM),
            Map.entry("PIPE", OF_VM),
            Map.entry("XFSZ", OF_VM),
            Map.entry("CHLD", "the JDK reaps children; wait for Child.exit()"),
            Map.entry("CLD", "the JDK reaps children; wait for Child.exit()"));

    private final Map<Signal, Installed> installed = new HashMap<>(); // @GuardedBy("this")

    private JvmSignals() {}

    /** One signal that is taken; its lists are @GuardedBy the table. */
    private static final class Installed {
        private final List<Consumer<Signal>> subscribers = new ArrayList<>();
        private final List<Consumer<Signal>> standIns = new ArrayList<>();
        private @Nullable Object before; // the handler to put back
    }

    @Override
    public SignalSubscription subscribe(Signal first, Signal... more) {
        List<Signal> signals = new ArrayList<>(List.of(more));
        signals.addFirst(first);
        SubscribedSignals subscription = new SubscribedSignals(signals);
        try {
            for (Signal signal : signals.stream().distinct().toList()) {
                subscription.onClose(take(signal, subscription::deliver, false));
            }
        } catch (UnsupportedOperationException refused) {
            subscription.close();
            throw refused;
        }
        return subscription;
    }

    /**
     * Has {@code told} told of a signal as long as nobody is subscribed to it.
     *
     * @param signal which
     * @param told called by a thread of the JDK's; does not wait
     * @return ends that; idempotent
     * @throws UnsupportedOperationException if the signal cannot be taken
     */
    public Runnable standIn(Signal signal, Consumer<Signal> told) {
        return take(signal, told, true);
    }

    private synchronized Runnable take(Signal signal, Consumer<Signal> told, boolean standsIn) {
        Installed taken = installed.get(signal);
        if (taken == null) {
            requireFree(signal);
            taken = new Installed();
            taken.before = handle(signal, ours(signal));
            installed.put(signal, taken);
        }
        List<Consumer<Signal>> list = standsIn ? taken.standIns : taken.subscribers;
        Consumer<Signal> own = each -> told.accept(each); // an identity of its own, so that each is removed once
        list.add(own);
        return () -> leave(signal, own);
    }

    private synchronized void leave(Signal signal, Consumer<Signal> told) {
        Installed taken = installed.get(signal);
        if (taken == null || !(taken.subscribers.remove(told) || taken.standIns.remove(told))) {
            return;
        }
        if (taken.subscribers.isEmpty() && taken.standIns.isEmpty()) {
            installed.remove(signal);
            handle(signal, taken.before);
        }
    }

    private void come(Signal signal) {
        List<Consumer<Signal>> told;
        synchronized (this) {
            Installed taken = installed.get(signal);
            if (taken == null) {
                return;
            }
            told = List.copyOf(taken.subscribers.isEmpty() ? taken.standIns : taken.subscribers);
        }
        told.forEach(each -> each.accept(signal));
    }

    private static void requireFree(Signal signal) {
        String reason = REFUSED.get(signal.name());
        if (reason == null && signal.equals(Signal.USR2) && isLinux() && System.getenv("_JAVA_SR_SIGNUM") == null) {
            reason = OF_VM + ", unless the environment variable _JAVA_SR_SIGNUM gives it another; take USR1";
        }
        if (reason != null) {
            throw refused(signal, reason, null);
        }
    }

    private static boolean isLinux() {
        return "Linux".equals(System.getProperty("os.name"));
    }

    private static UnsupportedOperationException refused(Signal signal, String reason, @Nullable Throwable cause) {
        return new UnsupportedOperationException("take " + signal + ": " + reason, cause);
    }

    // ---------------------------------------------------------------- sun.misc.Signal

    private Object ours(Signal signal) {
        try {
            return Proxy.newProxyInstance(
                    JvmSignals.class.getClassLoader(),
                    new Class<?>[] {Class.forName("sun.misc.SignalHandler")},
                    (proxy, method, args) -> switch (method.getName()) {
                        case "handle" -> {
                            come(signal);
                            yield null;
                        }
                        case "equals" -> args != null && proxy == args[0];
                        case "hashCode" -> System.identityHashCode(proxy);
                        default -> "receivers of " + signal;
                    });
        } catch (ReflectiveOperationException missing) {
            throw refused(signal, "this Java has no sun.misc.Signal (module jdk.unsupported)", missing);
        }
    }

    /** Installs a handler and returns the one before. */
    private static Object handle(Signal signal, @Nullable Object handler) {
        try {
            Class<?> signalClass = Class.forName("sun.misc.Signal");
            Class<?> handlerClass = Class.forName("sun.misc.SignalHandler");
            Object jdkSignal = signalClass.getConstructor(String.class).newInstance(signal.name());
            Method handle = signalClass.getMethod("handle", signalClass, handlerClass);
            return handle.invoke(null, jdkSignal, handler);
        } catch (InvocationTargetException told) {
            Throwable cause = told.getCause(); // unknown here; or the VM was told to keep its hands off (-Xrs)
            throw refused(signal, String.valueOf(cause == null ? told : cause.getMessage()), cause);
        } catch (ReflectiveOperationException missing) {
            throw refused(signal, "this Java has no sun.misc.Signal (module jdk.unsupported)", missing);
        }
    }
}
