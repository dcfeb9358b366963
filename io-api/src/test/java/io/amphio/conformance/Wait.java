package io.amphio.conformance;

import io.amphio.Completer;
import io.amphio.Group;
import io.amphio.Io;
import io.amphio.Select;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.sync.Event;
import java.util.function.UnaryOperator;

/** Each kind of wait there is, in a form that the same tests can be run on. */
enum Wait {
    EVENT(false) {
        @Override
        Source open() {
            Event event = new Event();
            return source(event::await, event::set);
        }
    },
    FUTURE(false) {
        @Override
        Source open() {
            Completer<String> completer = new Completer<>();
            return source(completer.future()::waitFor, () -> completer.succeed("done"));
        }
    },
    END_OF_A_GROUP(false) {
        @Override
        Source open() {
            Completer<String> member = new Completer<>();
            Group group = new Group();
            group.add(member.future());
            // Not by its await, which when canceled ends the members.
            return select(select -> select.group(group, () -> true), () -> member.succeed("done"));
        }
    },
    SELECT(false) {
        @Override
        Source open() {
            Event event = new Event();
            Completer<String> never = new Completer<>();
            return select(select -> select.future(never.future(), value -> true).event(event, () -> true), event::set);
        }
    };

    private final boolean once;

    /**
     * Describes a kind of wait.
     *
     * @param once whether what happens ends one wait and not all
     */
    Wait(boolean once) {
        this.once = once;
    }

    boolean once() {
        return once;
    }

    /** Creates something to wait for that has not happened. */
    abstract Source open();

    /** One wait. */
    @FunctionalInterface
    interface Awaiting {
        void await(Io io, Timeout timeout) throws Exception;
    }

    /** Something to wait for. */
    record Source(Awaiting awaiting, Runnable happening) {
        /** Waits. */
        void await(Io io, Timeout timeout) throws Exception {
            awaiting.await(io, timeout);
        }

        void await(Io io) throws Exception {
            await(io, Timeout.NONE);
        }

        /** Makes it happen, without waiting; if nobody waits, the next wait finds it. */
        void happen() {
            happening.run();
        }
    }

    private static Source source(Awaiting awaiting, Runnable happening) {
        return new Source(awaiting, happening);
    }

    private static Source select(UnaryOperator<Select<Boolean>> arms, Runnable happening) {
        return source(
                (io, timeout) -> {
                    Select<Boolean> select = arms.apply(new Select<>());
                    if (!select.timeout(timeout, () -> false).await(io)) {
                        throw new TimedOutException("select: " + timeout);
                    }
                },
                happening);
    }
}
