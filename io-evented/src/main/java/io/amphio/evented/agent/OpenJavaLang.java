package io.amphio.evented.agent;

import java.lang.instrument.Instrumentation;
import java.util.Map;
import java.util.Set;

/**
 * Opens {@code java.lang} to the module of Amphio's coroutines: {@code java -javaagent:io-evented.jar …} then needs no
 * {@code --add-opens}.
 *
 * <p>It works on the class path and on the module path. The agent class is looked up by the system class loader, which
 * finds it in the named module if there is one and on the agent's jar otherwise; either way it is in the same module as
 * the coroutines, so it opens the package to its own module.
 */
public final class OpenJavaLang {
    private OpenJavaLang() {}

    /**
     * Called by the JVM before {@code main}.
     *
     * @param arguments not used
     * @param instrumentation how to change {@code java.base}
     */
    @SuppressWarnings("exports") // java.instrument is there whenever a JVM calls this, and nobody else should
    public static void premain(String arguments, Instrumentation instrumentation) {
        open(instrumentation);
    }

    /**
     * Called by the JVM when the agent is attached to a running program, or named as {@code Launcher-Agent-Class}.
     *
     * @param arguments not used
     * @param instrumentation how to change {@code java.base}
     */
    @SuppressWarnings("exports") // as above
    public static void agentmain(String arguments, Instrumentation instrumentation) {
        open(instrumentation);
    }

    private static void open(Instrumentation instrumentation) {
        instrumentation.redefineModule(
                Object.class.getModule(),
                Set.of(),
                Map.of(),
                Map.of("java.lang", Set.of(OpenJavaLang.class.getModule())),
                Set.of(),
                Map.of());
    }
}
