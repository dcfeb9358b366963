package io.amphio.evented.backend.uring;

import java.util.ArrayDeque;

/**
 * What is on its way to the kernel: in the submission queue or, where that is full and the kernel takes nothing now, in line
 * behind it. Nothing is dropped, cancels included, and nothing overtakes.
 *
 * <p><b>Threads:</b> the loop's.
 */
final class Submissions {
    /** Something that becomes one entry. */
    interface Submission {
        /** Writes it, with its user data. Called once, when there is a place for it. */
        void write(Entry entry);
    }

    private final Ring ring;
    private final Entry entry;
    private final ArrayDeque<Submission> line = new ArrayDeque<>();
    private boolean maySubmit = true;

    Submissions(Ring ring) {
        this.ring = ring;
        this.entry = new Entry(ring.entries());
    }

    /** Adds one. If it has to stand in line, {@link #advance} is to be called once the kernel may take more. */
    void add(Submission submission) {
        if (!line.isEmpty() || !write(submission)) {
            line.add(submission);
        }
    }

    private boolean write(Submission submission) {
        long place = ring.nextEntry();
        if (place < 0 && maySubmit) {
            ring.submit(); // a full queue: the kernel takes all of it, or refuses for now
            place = ring.nextEntry();
        }
        if (place < 0) {
            return false;
        }
        submission.write(entry.at(place));
        return true;
    }

    /** Lets the line move up as far as the kernel lets it. */
    void advance() {
        while (!line.isEmpty() && write(line.element())) {
            line.remove();
        }
    }

    /** Takes one out of the line; returns false if it does not stand there. */
    boolean remove(Submission submission) {
        return line.remove(submission);
    }

    /** Says whether the calling thread may enter the kernel for this ring; if not, what finds no place waits in line. */
    void setMaySubmit(boolean may) {
        maySubmit = may;
    }

    /** Returns whether somebody stands in line. */
    boolean isHeldUp() {
        return !line.isEmpty();
    }
}
