package io.amphio.evented.loop;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A random sequence of operations, made from a seed alone: whatever a backend answers, the next step is the same.
 *
 * @param seed what it was made from
 * @param steps in order
 */
record Script(long seed, List<Step> steps) {
    private static final int LONGEST = 24;
    private static final Action[] FILES = {Action.OPEN, Action.READ, Action.WRITE, Action.TRUNCATE, Action.SYNC};
    private static final Action[] STREAMS = {Action.SEND, Action.RECEIVE, Action.POLL};

    /** What a step does; {@link ScriptRun} knows how. */
    enum Action {
        SEND,
        RECEIVE,
        POLL,
        CANCEL,
        TIME_OUT,
        SHUTDOWN,
        CLOSE,
        SEND_TO,
        RECEIVE_FROM,
        REFUSED,
        RACE,
        WORK,
        OPEN,
        READ,
        WRITE,
        TRUNCATE,
        SYNC,
        STAT,
        CLOSE_FILE,
        COPY,
        STAT_NAME,
        RENAME,
        LINK,
        SYMLINK,
        UNLINK,
        MAKE_DIRECTORY,
        REMOVE_DIRECTORY
    }

    /** What to do, with three numbers that say to what and how much. */
    record Step(Action action, int a, int b, int c) {
        @Override
        public String toString() {
            return action + "(" + a + ", " + b + ", " + c + ")";
        }
    }

    static Script of(long seed) {
        Random random = new Random(seed);
        Action[] actions = Action.values();
        boolean files = random.nextBoolean(); // mixed or mostly files, mostly sockets: either kind needs some depth
        var steps = new ArrayList<Step>();
        for (int left = 4 + random.nextInt(LONGEST - 4); left > 0; left--) {
            Action action = actions[random.nextInt(actions.length)];
            if (random.nextInt(4) > 0 && action.compareTo(Action.OPEN) < 0 == files) {
                action = files ? FILES[random.nextInt(FILES.length)] : STREAMS[random.nextInt(STREAMS.length)];
            }
            steps.add(new Step(action, random.nextInt(1 << 16), random.nextInt(1 << 16), random.nextInt(1 << 16)));
        }
        return new Script(seed, List.copyOf(steps));
    }
}
