package io.amphio.evented.loop;

import java.util.ArrayDeque;

/**
 * Where a request goes that comes out of a loop's inbox: to the loop's backend or, while a spare visits the inbox, wherever it
 * can be done.
 *
 * <pre>
 *   request                              visited by the owner   visited by a spare
 *   ----------------------------------   --------------------   ------------------------------------------------------
 *   begin a completion that may move     begins                 posted to the spare's own loop, and stays there
 *   begin any other completion           begins                 kept for the owner: its callback belongs to this loop
 *   cancel one that has begun            asks the backend       asks the backend, if it lets others than the owner do that;
 *                                                               else kept for the owner
 *   a further step of one (byOwner)      done                   kept for the owner
 * </pre>
 *
 * <p>What is kept is done at the beginning of the owner's next turn, in the order in which it came. A task that waits for what is
 * kept waits as long as the loop is stuck: so an operation that is in flight on a stuck ring ends by itself or with the owner.
 *
 * <p><b>Threads:</b> whoever has {@link Custody custody} of the loop.
 */
final class Routing {
    private final EventLoop loop;
    private final Custody<EventLoop> custody;
    private final ArrayDeque<Inbox.Node> forOwner = new ArrayDeque<>();

    Routing(EventLoop loop, Custody<EventLoop> custody) {
        this.loop = loop;
        this.custody = custody;
    }

    void begin(Completion completion) {
        EventLoop spare = custody.spare();
        if (spare == null) {
            loop.inFlight().begin(completion);
        } else if (!completion.mayMove() || !spare.tryPost(completion)) {
            forOwner.add(completion);
        }
    }

    void cancel(Inbox.Node request, Completion completion, int generation) {
        if (custody.spare() == null || loop.backend().cancelsWithoutOwner()) {
            loop.inFlight().cancel(completion, generation);
        } else {
            forOwner.add(request);
        }
    }

    /** Does something that takes the loop's own thread, now or when that is back. */
    void byOwner(Inbox.Node step) {
        if (custody.spare() == null) {
            step.visit(loop);
        } else {
            forOwner.add(step);
        }
    }

    /** The owner: does what was kept for it. */
    void visitKept() {
        for (Inbox.Node node = forOwner.poll(); node != null; node = forOwner.poll()) {
            node.visit(loop);
        }
    }
}
