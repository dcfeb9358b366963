package io.amphio;

import io.amphio.spi.Arm;
import io.amphio.spi.Task;
import io.amphio.spi.Waits;
import io.amphio.sync.Channel;
import io.amphio.sync.Event;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the first of several things: exactly one happens, and the others are left as they were.
 *
 * <pre>{@code
 * String line = new Select<String>()
 *         .future(answer, value -> "answered: " + value)
 *         .event(stop, () -> "stopped")
 *         .timeout(Timeout.afterMillis(250), () -> "nobody answered")
 *         .await(io);
 * }</pre>
 *
 * <p>Where several could happen at once, calls take turns, so that none starves; {@link #inOrder} prefers the first. What was
 * given with an arm runs in the calling task, after the choice and with no lock held.
 *
 * <p>Costs a waiter and an arm each; for dozens of arms, not for thousands: that is what a {@link Group} is for.
 *
 * <p><b>Threads:</b> built and awaited by one task, once. The sources may be anybody's.
 *
 * @param <R> the result
 */
public final class Select<R extends @Nullable Object> {
    private final List<Arm> arms = new ArrayList<>();
    private final List<Supplier<? extends R>> results = new ArrayList<>();
    private Timeout timeout = Timeout.NONE;
    private @Nullable Supplier<? extends R> onTimeout;
    private boolean ordered;
    private boolean used;

    /** Creates a choice among nothing yet. */
    public Select() {}

    /**
     * Adds {@code arm}, as any synchronizer gives one out; {@code result} is applied to it if it happens.
     *
     * @param <A> the kind of arm, which may carry a value
     */
    public <A extends Arm> Select<R> on(A arm, Function<? super A, ? extends R> result) {
        Objects.requireNonNull(result, "select: the result is null");
        arms.add(Objects.requireNonNull(arm, "select: the arm is null"));
        results.add(() -> result.apply(arm));
        return this;
    }

    /**
     * Adds the end of {@code future}'s task; {@code result} is applied to its value. Where it failed or was canceled,
     * {@link #await} throws as {@link Future#await} does. The task itself is left alone whatever is chosen.
     *
     * @param <T> the future's value
     */
    public <T extends @Nullable Object> Select<R> future(Future<T> future, Function<? super T, ? extends R> result) {
        return on(future.doneArm(), done -> result.apply(future.value()));
    }

    /**
     * Adds a message of {@code channel}; {@code result} is applied to it. Where the channel is closed and nothing is left in it,
     * {@link #await} throws {@link io.amphio.sync.ChannelClosedException}.
     *
     * @param <T> the message
     */
    public <T> Select<R> receive(Channel<T> channel, Function<? super T, ? extends R> result) {
        return on(channel.receiveArm(), arm -> result.apply(arm.message()));
    }

    /**
     * Adds sending {@code message} to {@code channel}. Where the channel is closed, {@link #await} throws
     * {@link io.amphio.sync.ChannelClosedException}.
     *
     * @param <T> the message
     */
    public <T> Select<R> send(Channel<T> channel, T message, Supplier<? extends R> result) {
        return on(channel.sendArm(message), arm -> {
            arm.requireSent();
            return result.get();
        });
    }

    /** Adds {@code event} having happened. */
    public Select<R> event(Event event, Supplier<? extends R> result) {
        return on(event.arm(), happened -> result.get());
    }

    /** Adds the next of {@code queue}; {@code result} is applied to what was taken, none if nothing was left to come. */
    public <T extends @Nullable Object> Select<R> next(
            CompletionQueue<T> queue, Function<? super Option<InFlight<T>>, ? extends R> result) {
        return on(queue.nextArm(), arm -> result.apply(arm.operation()));
    }

    /** Adds all tasks of {@code group} having ended; their failures are {@link Group#await}'s to throw. */
    public Select<R> group(Group group, Supplier<? extends R> result) {
        return on(group.drainedArm(), drained -> result.get());
    }

    /** Adds a deadline; at most one. */
    public Select<R> timeout(Timeout limit, Supplier<? extends R> result) {
        if (onTimeout != null) {
            throw new IllegalStateException("select: a second timeout; take the earlier one");
        }
        timeout = limit;
        onTimeout = Objects.requireNonNull(result, "select: the result is null");
        return this;
    }

    /** Prefers arms in the order in which they were added, where several could happen at once. */
    public Select<R> inOrder() {
        ordered = true;
        return this;
    }

    /**
     * Waits for the first arm. Cancellation point: a canceled select has taken nothing from anywhere.
     *
     * @param io who waits
     * @return what belongs to the arm that happened
     * @throws IllegalStateException if there is no arm, or this was awaited before
     */
    public R await(Io io) {
        use();
        if (arms.isEmpty() && onTimeout == null) {
            throw new IllegalStateException("select: nothing to wait for; add an arm");
        }
        Arm happened = Waits.awaitAny(io, arms, first(), timeout);
        return happened != null
                ? result(happened)
                : Objects.requireNonNull(onTimeout).get();
    }

    /**
     * Takes an arm that can happen now, and never waits.
     *
     * @param otherwise what to return if none can; a timeout of this select plays no part
     */
    public R poll(Supplier<? extends R> otherwise) {
        use();
        Arm happened = arms.isEmpty() ? null : Waits.attemptAny(arms, first());
        return happened != null ? result(happened) : otherwise.get();
    }

    private void use() {
        if (used) {
            throw new IllegalStateException("select: awaited before; build a new one for each wait");
        }
        used = true;
    }

    private int first() {
        return ordered || arms.isEmpty() ? 0 : Task.current().nextTurn() % arms.size();
    }

    private R result(Arm happened) {
        for (int i = 0; i < arms.size(); i++) {
            if (arms.get(i) == happened) {
                return results.get(i).get();
            }
        }
        throw new AssertionError("an arm that was not added: " + happened);
    }
}
