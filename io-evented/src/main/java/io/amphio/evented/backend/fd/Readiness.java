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
 *   a call got less than it asked for                  the same, unless the direction {@linkplain #mayStopShort stops short}
 *   a call got all that it asked for                   -1: there may be more
 * </pre>
 *
 * <p>It is dry, and worth no try, while the two are equal. No edge is missed: one that comes during the call, or after it,
 * makes {@code edges} larger than what was read before it. One that several loops hear of counts several times, which
 * costs a try that finds nothing.
 *
 * <p>A stream that gives less than was asked for has given all (epoll(7), questions and answers) but where it <em>stops short</em>:
 * at an urgent mark, before its end, before an error. Each of those is an edge, too, and its event says so. If that was taken
 * before the call, it is known by then, as it is set before the edge is counted; else the edge is still to be counted, and the
 * direction is not dry. Without such a mark, the call that would find nothing need not be made at all.
 *
 * <p><b>Threads:</b> any loop's for edges; who has the direction for the rest.
 */
final class Readiness {
    private static final int NEVER = -1;
    private static final VarHandle EDGES;

    static {
        try {
            EDGES = MethodHandles.lookup().findVarHandle(Readiness.class, "edges", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile int edges; // any loop's thread adds
    private volatile int dryAt = NEVER; // who has the direction
    private volatile boolean stopsShort; // any loop's thread sets it

    int edges() {
        return edges;
    }

    void edge() {
        EDGES.getAndAdd(this, 1);
    }

    void dry(int edgesBefore) {
        dryAt = edgesBefore;
    }

    /** A call got {@code count} of {@code asked} bytes. */
    void got(long count, long asked, int edgesBefore) {
        if (count >= asked || stopsShort) {
            if (dryAt != NEVER) { // mostly it is, and a volatile write costs a fence
                dryAt = NEVER;
            }
        } else {
            dryAt = edgesBefore;
        }
    }

    /** From now on less than was asked for says nothing. */
    void mayStopShort() {
        if (!stopsShort) {
            stopsShort = true;
        }
    }

    boolean isDry() {
        return edges == dryAt;
    }
}
