package io.amphio.evented.loop;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What other threads want of a loop, in the order in which they asked.
 *
 * <p>A stack of nodes that the loop takes as a whole and turns round. Unlike a linked queue with a tail it has no moment at
 * which a push has begun and cannot be seen, so "empty" means empty: the loop may sleep on it. A node is in one inbox at
 * most once, so it is its own link and a push allocates nothing.
 *
 * <p>After {@link #close} a push is refused, and none is lost: the marker replaces the head by the same exchange that takes
 * what came before.
 */
final class Inbox {
    /** Something to be done on the loop's thread. */
    abstract static class Node {
        private @Nullable Node next; // whoever pushes it, then the loop

        /** Does it. */
        abstract void visit(EventLoop loop);
    }

    private static final Node CLOSED = new Node() {
        @Override
        void visit(EventLoop loop) {
            throw new AssertionError("the mark of a closed inbox is no request");
        }
    };

    private final AtomicReference<@Nullable Node> head = new AtomicReference<>();

    /** Any thread. Returns false if the inbox is closed. */
    @SuppressWarnings("ReferenceEquality") // nodes are identities
    boolean push(Node node) {
        while (true) {
            Node before = head.get();
            if (before == CLOSED) {
                return false;
            }
            node.next = before;
            if (head.compareAndSet(before, node)) {
                return true;
            }
        }
    }

    boolean isEmpty() {
        Node first = head.get();
        return first == null || first == CLOSED;
    }

    /** The loop's thread: visits what is there now, and not what the visits push. */
    void visitAll(EventLoop loop) {
        if (!isEmpty()) {
            visit(head.getAndSet(null), loop);
        }
    }

    /** The loop's thread: as {@link #visitAll}, and refuses every later push. */
    void close(EventLoop loop) {
        Node before = head.getAndSet(CLOSED);
        if (before != CLOSED) {
            visit(before, loop);
        }
    }

    private static void visit(@Nullable Node newest, EventLoop loop) {
        Node oldest = null;
        for (Node node = newest; node != null; ) {
            Node older = node.next;
            node.next = oldest;
            oldest = node;
            node = older;
        }
        for (Node node = oldest; node != null; ) {
            Node newer = node.next;
            node.next = null; // before the visit, which may push it again
            node.visit(loop);
            node = newer;
        }
    }
}
