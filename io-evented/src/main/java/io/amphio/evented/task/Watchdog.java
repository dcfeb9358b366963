package io.amphio.evented.task;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Looks at each worker a few times in the span that it may take over one task, and finds a spare for one that is stuck.
 *
 * <pre>
 *   what {@link Looks} say     and then
 *   ----------------------   ---------------------------------------------------------------------------------
 *   it has got stuck         a spare stands in
 *   it is stuck              if it has no spare, or that one is stuck, another is looked for
 *   it is to be told         the culprit is logged, once, if the pulse is the same still
 *   it has come back         the spare lets go of it
 * </pre>
 *
 * <p>To be declared stuck by mistake, as the system
 * gave a thread no time for so long, does no harm: what belongs to the loop changes hands by
 * {@link io.amphio.evented.loop.Supervision#standIn} only, which fails while the loop's thread is inside.
 *
 * <p>Spares are made when they are needed, up to a limit, and are kept. They are watched, too. When no other is left, one that is on
 * duty gets a further ward.
 *
 * <p><b>Threads:</b> its own has all of the state.
 */
final class Watchdog {
    private static final System.Logger LOG = System.getLogger("io.amphio.evented");
    private static final long REPORT_AGAIN_NANOS = 1_000_000_000; // of one worker, lest a log fills with the same stack

    private final Scheduler scheduler;
    private final long lookNanos;
    private final int mostSpares;
    private final Thread thread;
    private final List<Watch> watches = new ArrayList<>(); // its own thread, once that runs
    private volatile boolean stopping; // any thread sets it

    Watchdog(Scheduler scheduler, long stuckAfterNanos, int mostSpares) {
        this.scheduler = scheduler;
        this.lookNanos = Math.max(1, stuckAfterNanos / Looks.UNTIL_STUCK);
        this.mostSpares = mostSpares;
        for (int i = 0; i < scheduler.workerCount(); i++) {
            watches.add(new Watch(scheduler.worker(i)));
        }
        this.thread = new Thread(null, this::run, "amphio-watchdog");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Any thread. */
    void stop() {
        stopping = true;
        LockSupport.unpark(thread);
    }

    boolean join(long nanos) {
        return Worker.join(thread, nanos);
    }

    private void run() {
        long next = System.nanoTime() + lookNanos;
        while (!stopping) {
            long left = next - System.nanoTime();
            if (left > 0) {
                LockSupport.parkNanos(this, left);
                continue;
            }
            next = System.nanoTime() + lookNanos; // from now: looks that are overdue are not made up for
            try {
                look();
            } catch (RuntimeException | Error unexpected) {
                tell(unexpected);
            }
        }
    }

    private static void tell(Throwable unexpected) {
        try {
            LOG.log(Level.ERROR, "the watchdog of the event loops failed at a look; it goes on", unexpected);
        } catch (RuntimeException | Error unheard) {
            unexpected.addSuppressed(
                    unheard); // a logger may need what is out, like a file descriptor; watching does not
        }
    }

    /** Its own thread; a test without one calls it in its place. */
    void look() {
        for (Watch watch : watches) {
            watch.look();
        }
        for (Watch watch : List.copyOf(watches).reversed()) { // a spare before those that it stands in for
            if (watch.stuck) {
                watch.findSpareIfNone();
                watch.reportIfItLasts();
            }
        }
    }

    /** What is known of one worker. */
    private final class Watch {
        private final Worker worker;
        private final Looks looks = new Looks();
        private boolean stuck;
        private boolean seen; // since it got stuck
        private boolean reported; // since it got stuck
        private long nextReport = System.nanoTime();
        private long stuckSince;
        private @Nullable Watch spare;

        Watch(Worker worker) {
            this.worker = worker;
        }

        void look() {
            looks.look(worker.pulse(), worker.supervision().isPolling());
            if (!looks.isStuck()) {
                if (stuck) {
                    cameBack();
                }
            } else if (!stuck) {
                worker.setStuck(true);
                stuck = looks.isStill(
                        worker.pulse(), false); // it may have moved and not seen that it was thought stuck
                worker.setStuck(stuck);
                stuckSince = System.nanoTime();
            }
        }

        private void cameBack() {
            stuck = false;
            worker.setStuck(false); // as a rule it has done so itself
            letGo();
            if (reported) {
                long millis =
                        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - stuckSince + Looks.UNTIL_STUCK * lookNanos);
                LOG.log(Level.INFO, worker + " goes on, after about " + millis + " ms");
            }
            seen = false;
            reported = false;
        }

        private void letGo() {
            if (spare != null) {
                spare.worker.wards().remove(worker);
                spare = null;
            }
        }

        void findSpareIfNone() {
            if (spare != null && !spare.stuck) {
                return;
            }
            Watch found = spare != null && spare.spare != null && !spare.spare.stuck ? spare.spare : findSpare();
            if (found != null) {
                letGo();
                spare = found;
                found.worker.wards().add(worker);
            }
            if (!seen) {
                seen = true;
                worker.countStuck();
            }
        }

        void reportIfItLasts() {
            if (reported || !looks.isToBeTold() || System.nanoTime() - nextReport < 0) {
                return;
            }
            String helper = spare == null ? null : spare.worker.toString();
            String report = StuckReport.of(worker, looks.count() * lookNanos, helper);
            if (looks.isStill(
                    worker.pulse(), worker.supervision().isPolling())) { // else the stack is that of something else
                reported = true;
                nextReport = System.nanoTime() + REPORT_AGAIN_NANOS;
                LOG.log(Level.WARNING, report);
            }
        }
    }

    /** The best to help: one that is off duty, a new one, or one that is on duty. */
    private @Nullable Watch findSpare() {
        Watch onDuty = null;
        int spares = 0;
        for (Watch watch : watches) {
            if (watch.worker.isSpare()) {
                spares++;
                if (!watch.stuck && watch.worker.wards().isEmpty()) {
                    return watch;
                }
                onDuty = watch.stuck ? onDuty : watch;
            }
        }
        Watch added = spares < mostSpares ? newSpare(spares) : null;
        return added != null ? added : onDuty;
    }

    private @Nullable Watch newSpare(int number) {
        try {
            Worker worker = scheduler.addSpare(number);
            if (worker == null) {
                return null; // closed meanwhile
            }
            Watch watch = new Watch(worker);
            watches.add(watch);
            return watch;
        } catch (IOException
                | OutOfMemoryError refused) { // no descriptor, or no thread, is left; tried again at the next look
            LOG.log(Level.WARNING, "no spare event loop could be opened", refused);
            return null;
        }
    }
}
