package io.amphio;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Cancels a future on INT and TERM, the first time; a second signal does what it did before.
 *
 * <p>By reflection on {@code sun.misc.Signal}, the only such thing that the JDK supports: javac warns of a direct use and
 * nothing silences it. Where it is not there, signals do what they always did.
 */
final class SignalCancel implements AutoCloseable {
    private final Future<?> future;
    private final AtomicBoolean received = new AtomicBoolean();
    private final List<Installed> installed = new ArrayList<>(); // @GuardedBy("this")

    private record Installed(
            Method handle, Object signal, @Nullable Object before) {}

    private SignalCancel(Future<?> future) {
        this.future = future;
    }

    static SignalCancel install(Future<?> future) {
        SignalCancel cancel = new SignalCancel(future);
        cancel.installOn("INT");
        cancel.installOn("TERM");
        return cancel;
    }

    private synchronized void installOn(String name) {
        try {
            Class<?> signalClass = Class.forName("sun.misc.Signal");
            Class<?> handlerClass = Class.forName("sun.misc.SignalHandler");
            Object signal = signalClass.getConstructor(String.class).newInstance(name);
            Method handle = signalClass.getMethod("handle", signalClass, handlerClass);
            Object handler = Proxy.newProxyInstance(
                    SignalCancel.class.getClassLoader(),
                    new Class<?>[] {handlerClass},
                    (proxy, method, args) -> switch (method.getName()) {
                        case "handle" -> {
                            onSignal();
                            yield null;
                        }
                        case "equals" -> args != null && proxy == args[0];
                        case "hashCode" -> System.identityHashCode(proxy);
                        default -> "cancel of the main task";
                    });
            installed.add(new Installed(handle, signal, handle.invoke(null, signal, handler)));
        } catch (ReflectiveOperationException | RuntimeException unavailable) {
            // No such signal on this system, or the JVM was told to keep its hands off (-Xrs).
            System.getLogger("io.amphio.runtime")
                    .log(System.Logger.Level.DEBUG, "signal " + name + " will not cancel the main task", unavailable);
        }
    }

    private void onSignal() {
        received.set(true);
        restore();
        future.requestCancel();
    }

    /** Returns whether a signal has come. */
    boolean received() {
        return received.get();
    }

    private synchronized void restore() {
        for (Installed one : installed) {
            try {
                one.handle.invoke(null, one.signal, one.before);
            } catch (ReflectiveOperationException | RuntimeException cannotBe) {
                throw new AssertionError("a handler that was installed cannot be put back", cannotBe);
            }
        }
        installed.clear();
    }

    @Override
    public void close() {
        restore();
    }
}
