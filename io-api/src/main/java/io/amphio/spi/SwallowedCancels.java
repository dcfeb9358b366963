package io.amphio.spi;

import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Bodies that caught a cancel and ended as if nothing had been: counted always, logged once per class. */
public final class SwallowedCancels {
    private static final System.Logger LOG = System.getLogger("io.amphio.cancel");
    private static final Set<Class<?>> REPORTED = ConcurrentHashMap.newKeySet();
    private static final LongAdder COUNT = new LongAdder();

    private SwallowedCancels() {}

    static void report(String task, Class<?> body) {
        COUNT.increment();
        if (REPORTED.add(body)) {
            LOG.log(
                    Level.WARNING,
                    "task {0} was canceled, caught the CanceledException and returned normally: its owner cannot tell that"
                            + " it stopped early. Let the exception pass, or call recancel. Body: {1}",
                    task,
                    body.getName());
        }
    }

    /** Returns how many tasks of this process have swallowed a request to cancel so far. */
    public static long count() {
        return COUNT.sum();
    }
}
