package io.amphio.spi.forwarding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.amphio.Io;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ForwardingIoTest {
    /** What {@link Io} itself makes of the rest, with the options filled in or of the current task. */
    private static final List<String> OF_THE_REST = List.of(
            "async",
            "concurrent",
            "await",
            "cancel",
            "yieldNow",
            "call",
            "sleep",
            "sleepUntil",
            "withTimeout",
            "checkCancel",
            "recancel",
            "swapCancelProtection");

    private static final class Asked extends RuntimeException {
        private static final long serialVersionUID = 1;

        Asked(String method) {
            super(method);
        }
    }

    static List<Method> methods() {
        return Arrays.stream(Io.class.getMethods())
                .filter(method -> !Modifier.isStatic(method.getModifiers()))
                .filter(method -> !method.isDefault() || !OF_THE_REST.contains(method.getName()))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("methods")
    void what_an_implementation_decides_is_forwarded(Method method) {
        Io real = (Io) Proxy.newProxyInstance(Io.class.getClassLoader(), new Class<?>[] {Io.class}, (_, asked, _) -> {
            throw new Asked(asked.getName());
        });
        Object[] arguments = new Object[method.getParameterCount()];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = method.getParameterTypes()[i] == int.class ? 0 : null;
        }
        Throwable thrown = assertThrows(
                        InvocationTargetException.class, () -> method.invoke(new ForwardingIo(real) {}, arguments))
                .getCause();
        assertEquals(Asked.class, thrown.getClass());
        assertEquals(method.getName(), thrown.getMessage());
    }
}
