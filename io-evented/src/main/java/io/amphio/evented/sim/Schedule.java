package io.amphio.evented.sim;

import io.amphio.evented.loop.LoopWork;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Which task runs next: one at a time, one for each turn of the loop, chosen among all that are ready.
 *
 * <p>A task that is made ready by a thread that is no part of the world would run at another moment each time: that is a
 * failure of the run, with the stack of who did it.
 *
 * <p><b>Threads:</b> the world's, which are its own and that of the task which runs, one at a time; {@link #ready},
 * {@link #isInside} and {@link #beforePost} any.
 */
final class Schedule implements LoopWork {
    private final World world;
    private final List<SimulatedTask<?>> ready = new ArrayList<>(); // in no order that means anything
    private final Queue<SimulatedTask<?>> strays = new ConcurrentLinkedQueue<>(); // made ready from outside
    private volatile @Nullable SimulatedTask<?> running; // written by the world's thread

    Schedule(World world) {
        this.world = world;
    }

    /** Returns whether the calling thread is the world's own or that of the task which runs. */
    boolean isInside() {
        Thread current = Thread.currentThread();
        SimulatedTask<?> task = running;
        return current == world.thread() || (task != null && current == task.bodyThread());
    }

    @Nullable
    SimulatedTask<?> running() {
        return running;
    }

    /** Adds a task that has become ready. */
    void ready(SimulatedTask<?> task) {
        if (isInside()) {
            ready.add(task);
        } else {
            world.wokenFromOutside(task);
            strays.add(task); // it has to end somehow, too
        }
    }

    @Override
    public void beforePost() {
        world.requireInside("a request to the loop");
    }

    @Override
    public boolean runReady() {
        if (!world.mayGoOn()) {
            return false;
        }
        for (SimulatedTask<?> stray = strays.poll(); stray != null; stray = strays.poll()) {
            ready.add(stray);
        }
        if (ready.isEmpty()) {
            return false;
        }
        SimulatedTask<?> next = take(world.rules().chooseTask(ready));
        world.rules().step(next);
        running = next;
        boolean again;
        try {
            again = next.carryOn();
        } finally {
            running = null;
        }
        if (again) {
            ready.add(next);
        }
        return !ready.isEmpty();
    }

    private SimulatedTask<?> take(int index) {
        SimulatedTask<?> last = ready.removeLast();
        return index == ready.size() ? last : ready.set(index, last); // there may be thousands: nobody moves up
    }

    @Override
    public boolean hasReady() {
        return !ready.isEmpty() || !strays.isEmpty();
    }
}
