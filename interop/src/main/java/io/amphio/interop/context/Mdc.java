package io.amphio.interop.context;

import java.util.Map;
import org.slf4j.MDC;

/** The diagnostic context of SLF4J. Needs {@code org.slf4j}, which nothing else here does. */
public final class Mdc {
    private Mdc() {}

    /** Returns a carrier of the whole map. A task's own changes stay its own. */
    public static Carried carried() {
        return () -> {
            Map<String, String> captured = MDC.getCopyOfContextMap();
            return () -> {
                Map<String, String> before = MDC.getCopyOfContextMap();
                set(captured);
                return () -> set(before);
            };
        };
    }

    private static void set(@org.jspecify.annotations.Nullable Map<String, String> map) {
        if (map == null) {
            MDC.clear();
        } else {
            MDC.setContextMap(map);
        }
    }
}
