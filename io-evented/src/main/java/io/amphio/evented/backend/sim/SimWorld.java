package io.amphio.evented.backend.sim;

import io.amphio.evented.backend.Operation;
import org.jspecify.annotations.Nullable;

/**
 * What a simulated kernel leaves to whoever runs the simulation: everything that chance decides in a real one.
 *
 * <p>Each question is asked exactly when the answer matters, and in an order that follows from the answers before; so answers
 * that come from a seed make a run that can be had again.
 *
 * <p><b>Threads:</b> one at a time, that of the simulation, but for {@link #requireInside}.
 */
public interface SimWorld {
    /** What {@link #messageNanos} says of a message that breaks its connection instead of arriving. */
    long BREAKS = -1;

    /** What {@link #messageNanos} says of a message that is lost; a stream's is sent again, so it only comes late. */
    long LOST = -2;

    /**
     * Refuses a thread that is no part of the simulation: what it does would come at another moment each time, and the
     * kernel's state is no other thread's to touch. The only method that may be called from any thread.
     *
     * @param what what is being done, for the message
     * @param of what it is done to, if there is something
     * @throws IllegalStateException if the calling thread is no part of the simulation
     */
    void requireInside(String what, @Nullable Object of);

    /**
     * Chooses what happens next.
     *
     * @param count how many things could, 1 or more
     * @return which of them: 0 to {@code count - 1}
     */
    int choose(int count);

    /**
     * Decides about a message that is being sent.
     *
     * @return how long it is on its way, in nanoseconds; {@link #BREAKS} or {@link #LOST}
     */
    long messageNanos();

    /**
     * Limits a receive or a read that could take something.
     *
     * @return how many bytes at most, 1 or more
     */
    int mostToReceive();

    /**
     * Limits a send or a write that could give something.
     *
     * @return how many bytes at most, 1 or more
     */
    int mostToSend();

    /**
     * Decides whether there is a descriptor for something that is being opened or accepted.
     *
     * @return false for EMFILE
     */
    boolean hasDescriptor();

    /**
     * Decides whether there is space for a write to a file.
     *
     * @return false for ENOSPC
     */
    boolean hasSpace();

    /**
     * Returns what the time of day is when the simulation begins.
     *
     * @return nanoseconds since 1970
     */
    long firstWallNanos();

    /**
     * Tells who opens something, for the message about what was never closed.
     *
     * @return the name of a task
     */
    String currentName();

    /**
     * Is told of each operation that completes.
     *
     * @param operation with its outcome set
     * @param descriptor the number of what it worked on
     */
    void completed(Operation operation, int descriptor);

    /** Is told that nothing is ready, nothing is on its way and no timer is set: nothing will ever happen by itself. */
    void idle();
}
