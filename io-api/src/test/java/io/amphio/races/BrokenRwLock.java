package io.amphio.races;

import io.amphio.spi.Arm;
import io.amphio.spi.SourceLock;
import io.amphio.spi.WaitQueue;
import io.amphio.spi.Waiter;
import org.jspecify.annotations.Nullable;

/** An {@code RwLock} whose canceled writer lets nobody in that waited behind it. */
public final class BrokenRwLock {
    private final SourceLock lock = new SourceLock();
    private final WaitQueue queue = new WaitQueue();
    private int readers;
    private boolean writer;

    /** Undoes a lock for reading. */
    public void unlockRead() {
        unlock(1, false);
    }

    /** Undoes a lock for writing. */
    public void unlockWrite() {
        unlock(0, false);
    }

    private void unlock(int lessReaders, boolean stillWriter) {
        lock.acquire();
        readers -= lessReaders;
        writer = stillWriter;
        Waiter woken = serve();
        lock.release();
        Waiter.wakeAll(woken);
    }

    private Waiter serve() {
        Waiter woken = Waiter.NOBODY;
        while (queue.peek() instanceof Entry first && first.fits()) {
            queue.poll();
            if (first.claim()) {
                first.enter();
                if (woken != Waiter.NOBODY) {
                    first.woken().linkNext(woken);
                }
                woken = first.woken();
            }
        }
        return woken;
    }

    /** Returns what waits to lock for reading. */
    public Arm readArm() {
        return new Entry(false);
    }

    /** Returns what waits to lock for writing. */
    public Arm writeArm() {
        return new Entry(true);
    }

    private final class Entry extends Arm {
        private final boolean writes;

        Entry(boolean writes) {
            this.writes = writes;
        }

        Waiter woken() {
            return waiter();
        }

        boolean fits() {
            return !writer && (!writes || readers == 0);
        }

        void enter() {
            writer = writes;
            readers += writes ? 0 : 1;
        }

        @Override
        protected SourceLock lock() {
            return lock;
        }

        @Override
        protected @Nullable Waiter attempt() {
            if (!queue.isEmpty() || !fits()) {
                return null;
            }
            enter();
            return Waiter.NOBODY;
        }

        @Override
        protected void enqueue() {
            queue.add(this);
        } // the bug: dequeue() does not serve those behind

        @Override
        public String describe() {
            return "lock of a broken rw-lock";
        }
    }
}
