package io.amphio.evented.backend.fd;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What is known of one direction of a descriptor, of which kernels tell <em>edges</em>: "it has become ready", once. Counted,
 * they tell whether one has come since a call last found nothing.
 *
 * <pre>
 *   event                                      edges   dryAt
 *   -----------------------------------------  ------  ------------------------------------------
 *   a loop hears of an edge                    + 1
 *   a call would have had to wait                      what edges was before that call
 * </pre>
 *
 * <p>It is dry, and worth no try, while the two are equal. No edge is missed: one that comes during the call, or after it,
 * makes {@code edges} larger than what was read before it. One that several loops hear of counts several times, which
 * costs a try that finds nothing.
 *
 * <p><b>Threads:</b> any loop's for edges; who has the direction for the rest.
 */
final class Readiness {
    private static final VarHandle EDGES;

    static {
        try {
            EDGES = MethodHandles.lookup().findVarHandle(Readiness.class, "edges", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile int edges; // any loop's thread adds
    private volatile int dryAt = -1; // who has the direction

    int edges() {
        return edges;
    }

    void edge() {
        EDGES.getAndAdd(this, 1);
    }

    void dry(int edgesBefore) {
        dryAt = edgesBefore;
    }

    boolean isDry() {
        return edges == dryAt;
    }
}
