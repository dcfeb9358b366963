package io.amphio.evented.loop;

import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Several completions that are submitted, and end, as one: {@link #all} of them run, or they {@link #race}, and then the first
 * that ends cancels the others. Members keep their own callbacks, which come first; a member may be a group.
 *
 * <pre>
 *   event               then
 *   ------------------  ---------------------------------------------------------------------------
 *   submit              all members are claimed and their handles reserved, or none, and it throws
 *   the loop begins it  all members begin, in order; without any it ends at once
 *   a member ends       it is counted; in a race the first cancels the rest
 *   the last one ends   the group ends, with no failure, whatever became of its members
 *   cancel, timeout     all members are canceled; the group ends canceled when the last has ended
 * </pre>
 *
 * <p>A member belongs to the group until its own callback begins: there it may be submitted again, alone or with another
 * group, and the group never looks at it again. So there may be more members than the backend has room for at once, and a
 * callback may throw away all of them.
 *
 * <p><b>Threads:</b> as for every {@link Completion}.
 */
public final class CompletionGroup extends Completion {
    private final List<Completion> members;
    private final boolean race;
    private final Consumer<? super CompletionGroup> callback;
    private int left; // the loop's thread
    private boolean ending; // the loop's thread: its members were asked to end
    private boolean canceled; // the loop's thread: because the group was
    private @Nullable Completion first; // the loop's thread until the callback

    private CompletionGroup(boolean race, Consumer<? super CompletionGroup> callback, List<Completion> members) {
        this.race = race;
        this.callback = Objects.requireNonNull(callback, "callback");
        this.members = List.copyOf(members);
    }

    /**
     * A group that ends when all of its members have.
     *
     * @param callback told when it has ended
     * @param members not in flight, each one once
     * @return the group, not submitted
     */
    public static CompletionGroup all(Consumer<? super CompletionGroup> callback, List<Completion> members) {
        return new CompletionGroup(false, callback, members);
    }

    /**
     * A group whose first member that ends cancels the others. It ends when these have ended, too: nothing of them is left.
     *
     * @param callback told when it has ended
     * @param members not in flight, each one once
     * @return the group, not submitted
     */
    public static CompletionGroup race(Consumer<? super CompletionGroup> callback, List<Completion> members) {
        return new CompletionGroup(true, callback, members);
    }

    /**
     * Returns which member ended first.
     *
     * @return the winner of a race, done or failed; null if there are no members
     */
    public @Nullable Completion first() {
        return first;
    }

    @Override
    String verb() {
        return race ? "race" : "all";
    }

    @Override
    String target() {
        return "of " + members.size() + " operations";
    }

    @Override
    void reserve(EventLoop on) {
        int reserved = 0;
        try {
            for (Completion member : members) {
                member.claim();
                try {
                    member.reserve(on);
                } catch (RuntimeException e) {
                    member.unclaim();
                    throw e;
                }
                member.setGroup(this);
                reserved++;
            }
        } catch (RuntimeException e) {
            giveUp(reserved);
            throw e;
        }
    }

    private void giveUp(int reserved) {
        for (Completion member : members.subList(0, reserved)) {
            member.setGroup(null);
            member.release();
            member.unclaim();
        }
    }

    /** Also called when a submit failed after {@link #reserve}: then no member has begun. */
    @Override
    void release() {
        if (!hasBegun()) {
            giveUp(members.size());
        }
    }

    @Override
    void begin(EventLoop on) {
        canceled = false;
        ending = false;
        beginMembers(on.inFlight());
    }

    /** The members have to end, too, and free their handles: each begins and finds itself canceled. */
    @Override
    void endUnbegun(InFlight all) {
        canceled = true;
        ending = false;
        endMembers();
        beginMembers(all);
    }

    private void beginMembers(InFlight all) {
        left = members.size();
        first = null;
        if (left == 0) {
            end(all);
        }
        for (Completion member : members) {
            all.begin(member);
        }
    }

    private void end(InFlight all) {
        if (canceled) {
            all.endCanceled(this);
        } else {
            all.end(this, null);
        }
    }

    @Override
    void cancel(EventLoop on) {
        canceled = true;
        endMembers();
    }

    private void endMembers() {
        if (!ending) {
            ending = true;
            for (Completion member : members) {
                if (member.isIn(this)) {
                    member.requestCancel();
                }
            }
        }
    }

    /** The loop's thread: after the callback of a member, which may be in use elsewhere by now. */
    void memberEnded(EventLoop on, Completion member) {
        if (first == null) {
            first = member;
        }
        left--;
        if (left == 0) {
            end(on.inFlight());
        } else if (race) {
            endMembers();
        }
    }

    @Override
    void callBack() {
        callback.accept(this);
    }
}
