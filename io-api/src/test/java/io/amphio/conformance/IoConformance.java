package io.amphio.conformance;

import io.amphio.IoRuntime;
import org.junit.jupiter.api.Nested;

/**
 * All that an {@link io.amphio.Io} promises: an implementation extends this class once for each of its settings, and says
 * with one method how it is opened.
 *
 * <p>Each topic is a class of its own, for who wants to run just that.
 */
public abstract class IoConformance extends MixConformance {
    @Nested
    class Async extends AsyncConformance {
        @Override
        protected IoRuntime newRuntime() {
            return IoConformance.this.newRuntime();
        }
    }

    @Nested
    class Await extends AwaitConformance {
        @Override
        protected IoRuntime newRuntime() {
            return IoConformance.this.newRuntime();
        }
    }

    @Nested
    class Cancel extends CancelConformance {
        @Override
        protected IoRuntime newRuntime() {
            return IoConformance.this.newRuntime();
        }
    }

    @Nested
    class Timeouts extends TimeoutConformance {
        @Override
        protected IoRuntime newRuntime() {
            return IoConformance.this.newRuntime();
        }
    }

    @Nested
    class AutoCancels extends AutoCancelConformance {
        @Override
        protected IoRuntime newRuntime() {
            return IoConformance.this.newRuntime();
        }
    }

    @Nested
    class Sleep extends SleepConformance {
        @Override
        protected IoRuntime newRuntime() {
            return IoConformance.this.newRuntime();
        }
    }

    @Nested
    class Clocks extends ClockConformance {
        @Override
        protected IoRuntime newRuntime() {
            return IoConformance.this.newRuntime();
        }
    }

    @Nested
    class Randoms extends RandomConformance {
        @Override
        protected IoRuntime newRuntime() {
            return IoConformance.this.newRuntime();
        }
    }

    @Nested
    class Groups extends GroupConformance {
        @Override
        protected IoRuntime newRuntime() {
            return IoConformance.this.newRuntime();
        }
    }

    @Nested
    class Selects extends SelectConformance {
        @Override
        protected IoRuntime newRuntime() {
            return IoConformance.this.newRuntime();
        }
    }

    @Nested
    class TaskLocals extends TaskLocalConformance {
        @Override
        protected IoRuntime newRuntime() {
            return IoConformance.this.newRuntime();
        }
    }

    @Nested
    class Helpers extends TasksConformance {
        @Override
        protected IoRuntime newRuntime() {
            return IoConformance.this.newRuntime();
        }
    }

    @Nested
    class Failures extends FailureConformance {
        @Override
        protected IoRuntime newRuntime() {
            return IoConformance.this.newRuntime();
        }
    }

    @Nested
    class Fairness extends FairnessConformance {
        @Override
        protected IoRuntime newRuntime() {
            return IoConformance.this.newRuntime();
        }
    }

    @Nested
    class Runtimes extends RuntimeConformance {
        @Override
        protected IoRuntime newRuntime() {
            return IoConformance.this.newRuntime();
        }
    }

    @Nested
    class Names extends NamesConformance {
        @Override
        protected IoRuntime newRuntime() {
            return IoConformance.this.newRuntime();
        }
    }

    @Nested
    class ConnectRaces extends ConnectRaceConformance {
        @Override
        protected IoRuntime newRuntime() {
            return IoConformance.this.newRuntime();
        }
    }

    @Nested
    class Files extends FileConformance {
        @Override
        protected IoRuntime newRuntime() {
            return IoConformance.this.newRuntime();
        }
    }

    @Nested
    class Directories extends DirConformance {
        @Override
        protected IoRuntime newRuntime() {
            return IoConformance.this.newRuntime();
        }
    }

    @Nested
    class Processes extends ProcessConformance {
        @Override
        protected IoRuntime newRuntime() {
            return IoConformance.this.newRuntime();
        }
    }

    @Nested
    class ProcessPipes extends ProcessPipeConformance {
        @Override
        protected IoRuntime newRuntime() {
            return IoConformance.this.newRuntime();
        }
    }

    @Nested
    class Signals extends SignalConformance {
        @Override
        protected IoRuntime newRuntime() {
            return IoConformance.this.newRuntime();
        }
    }

    @Nested
    class Addresses extends NetConformance {
        @Override
        protected IoRuntime newRuntime() {
            return IoConformance.this.newRuntime();
        }
    }

    @Nested
    class Batches extends BatchConformance {
        @Override
        protected IoRuntime newRuntime() {
            return IoConformance.this.newRuntime();
        }
    }

    @Nested
    class CompletionQueues extends CompletionQueueConformance {
        @Override
        protected IoRuntime newRuntime() {
            return IoConformance.this.newRuntime();
        }
    }

    @Nested
    class Consoles extends ConsoleConformance {
        @Override
        protected IoRuntime newRuntime() {
            return IoConformance.this.newRuntime();
        }
    }

    @Nested
    class Logs extends LogConformance {
        @Override
        protected IoRuntime newRuntime() {
            return IoConformance.this.newRuntime();
        }
    }

    @Nested
    class Buffers extends BufferConformance {
        @Override
        protected IoRuntime newRuntime() {
            return IoConformance.this.newRuntime();
        }
    }

    @Nested
    class BadInput extends BadInputConformance {
        @Override
        protected IoRuntime newRuntime() {
            return IoConformance.this.newRuntime();
        }
    }

    @Nested
    class FileStatus extends FileStatusConformance {
        @Override
        protected IoRuntime newRuntime() {
            return IoConformance.this.newRuntime();
        }
    }

    @Nested
    class Walks extends DirWalkConformance {
        @Override
        protected IoRuntime newRuntime() {
            return IoConformance.this.newRuntime();
        }
    }

    @Nested
    class Confinement extends ConfinementConformance {
        @Override
        protected IoRuntime newRuntime() {
            return IoConformance.this.newRuntime();
        }
    }

    @Nested
    class SystemFiles extends SystemFilesConformance {
        @Override
        protected IoRuntime newRuntime() {
            return IoConformance.this.newRuntime();
        }
    }

    @Nested
    class DirBadInput extends DirBadInputConformance {
        @Override
        protected IoRuntime newRuntime() {
            return IoConformance.this.newRuntime();
        }
    }
}
