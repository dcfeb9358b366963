package io.amphio.conformance;

import io.amphio.IoRuntime;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;

/**
 * All that the synchronizers promise, on any {@code Io}: the part of the suite that needs no sockets, no clock of its own and no
 * runtime that is opened by name.
 */
public abstract class SyncConformance {
    /** Opens a runtime of the implementation under test; the caller closes it. */
    protected abstract IoRuntime newRuntime();

    /** Opens the runtime of every second task, in a mix of two implementations; null where there is one. */
    protected @Nullable IoRuntime newOtherRuntime() {
        return null;
    }

    @Nested
    class Waits extends WaitConformance {
        @Override
        protected IoRuntime newRuntime() {
            return SyncConformance.this.newRuntime();
        }

        @Override
        protected @Nullable IoRuntime newOtherRuntime() {
            return SyncConformance.this.newOtherRuntime();
        }
    }

    @Nested
    class Mutexes extends MutexConformance {
        @Override
        protected IoRuntime newRuntime() {
            return SyncConformance.this.newRuntime();
        }

        @Override
        protected @Nullable IoRuntime newOtherRuntime() {
            return SyncConformance.this.newOtherRuntime();
        }
    }

    @Nested
    class ReentrantMutexes extends ReentrantMutexConformance {
        @Override
        protected IoRuntime newRuntime() {
            return SyncConformance.this.newRuntime();
        }

        @Override
        protected @Nullable IoRuntime newOtherRuntime() {
            return SyncConformance.this.newOtherRuntime();
        }
    }

    @Nested
    class Conditions extends ConditionConformance {
        @Override
        protected IoRuntime newRuntime() {
            return SyncConformance.this.newRuntime();
        }

        @Override
        protected @Nullable IoRuntime newOtherRuntime() {
            return SyncConformance.this.newOtherRuntime();
        }
    }

    @Nested
    class Semaphores extends SemaphoreConformance {
        @Override
        protected IoRuntime newRuntime() {
            return SyncConformance.this.newRuntime();
        }

        @Override
        protected @Nullable IoRuntime newOtherRuntime() {
            return SyncConformance.this.newOtherRuntime();
        }
    }

    @Nested
    class RwLocks extends RwLockConformance {
        @Override
        protected IoRuntime newRuntime() {
            return SyncConformance.this.newRuntime();
        }

        @Override
        protected @Nullable IoRuntime newOtherRuntime() {
            return SyncConformance.this.newOtherRuntime();
        }
    }

    @Nested
    class Events extends EventConformance {
        @Override
        protected IoRuntime newRuntime() {
            return SyncConformance.this.newRuntime();
        }

        @Override
        protected @Nullable IoRuntime newOtherRuntime() {
            return SyncConformance.this.newOtherRuntime();
        }
    }

    @Nested
    class Barriers extends BarrierConformance {
        @Override
        protected IoRuntime newRuntime() {
            return SyncConformance.this.newRuntime();
        }

        @Override
        protected @Nullable IoRuntime newOtherRuntime() {
            return SyncConformance.this.newOtherRuntime();
        }
    }

    @Nested
    class Notifies extends NotifyConformance {
        @Override
        protected IoRuntime newRuntime() {
            return SyncConformance.this.newRuntime();
        }

        @Override
        protected @Nullable IoRuntime newOtherRuntime() {
            return SyncConformance.this.newOtherRuntime();
        }
    }

    @Nested
    class Channels extends ChannelConformance {
        @Override
        protected IoRuntime newRuntime() {
            return SyncConformance.this.newRuntime();
        }

        @Override
        protected @Nullable IoRuntime newOtherRuntime() {
            return SyncConformance.this.newOtherRuntime();
        }
    }

    @Nested
    class ChannelSelects extends ChannelSelectConformance {
        @Override
        protected IoRuntime newRuntime() {
            return SyncConformance.this.newRuntime();
        }

        @Override
        protected @Nullable IoRuntime newOtherRuntime() {
            return SyncConformance.this.newOtherRuntime();
        }
    }

    @Nested
    class BroadcastChannels extends BroadcastChannelConformance {
        @Override
        protected IoRuntime newRuntime() {
            return SyncConformance.this.newRuntime();
        }

        @Override
        protected @Nullable IoRuntime newOtherRuntime() {
            return SyncConformance.this.newOtherRuntime();
        }
    }

    @Nested
    class Meetings extends MeetingConformance {
        @Override
        protected IoRuntime newRuntime() {
            return SyncConformance.this.newRuntime();
        }

        @Override
        protected @Nullable IoRuntime newOtherRuntime() {
            return SyncConformance.this.newOtherRuntime();
        }
    }
}
