package io.amphio.spi.names;

import io.amphio.CanceledException;
import io.amphio.Completer;
import io.amphio.Future;
import io.amphio.Io;
import io.amphio.Outcome;
import io.amphio.net.HostAddresses;
import io.amphio.net.HostName;
import io.amphio.net.LookupException;
import io.amphio.net.LookupException.Reason;
import io.amphio.net.LookupOptions;
import io.amphio.net.Resolver;
import io.amphio.spi.LimitedJobs;
import io.amphio.spi.SharedCalls;
import io.amphio.spi.Waits;
import io.amphio.spi.WorkerThreads;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The resolver of the system, as the JDK asks it, on threads that it may block.
 *
 * <p>The states of a question are those of {@link LimitedJobs}. One that waits for its turn is taken back when its last asker is
 * canceled; of one that is being asked the thread goes on then, as the JDK cannot be stopped, for nobody.
 *
 * <p>The JDK keeps answers for as long as its security property {@code networkaddress.cache.ttl} says.
 */
public final class SystemResolver implements Resolver {
    private final String owner;
    private final LimitedJobs<Question> questions;
    private final Asking asking;
    private final SharedCalls<HostName, Answer> calls = new SharedCalls<>();
    private volatile boolean closed; // written by close

    /** How the system is asked. */
    @FunctionalInterface
    public interface Asking {
        /** Returns the addresses of a host; blocks its thread. */
        InetAddress[] ask(String host) throws UnknownHostException;
    }

    /** What the system said. */
    private record Answer(
            List<InetAddress> addresses, @Nullable String failure) {}

    /**
     * Creates it.
     *
     * @param owner the name of the {@code Io}, for messages
     * @param threads where it asks
     * @param limit how many threads may ask at once, at least 1
     * @param asking how: {@link InetAddress#getAllByName}
     */
    public SystemResolver(String owner, WorkerThreads threads, int limit, Asking asking) {
        this.owner = owner;
        this.questions = new LimitedJobs<>(threads::execute, limit);
        this.asking = asking;
    }

    @Override
    public HostAddresses lookup(Io io, HostName host, LookupOptions options) throws IOException {
        String name = "lookup " + host;
        Waits.begin(io, options.timeout(), name);
        HostAddresses local = LocalNames.find(host, options);
        if (local != null) {
            List<InetAddress> sorted = AddressOrder.sort(local.addresses(), AddressOrder::source);
            return new HostAddresses(host, sorted, local.canonicalName());
        }
        if (options.wantsCanonicalName()) {
            throw new UnsupportedOperationException(
                    name + ": the JDK does not tell canonical names; the evented Io's own resolver does");
        }
        if (closed) {
            throw closed(name);
        }
        Answer answer;
        try (var asked = calls.ask(host, name, () -> start(host, name))) {
            answer = asked.await(io, options.timeout());
        }
        if (answer.failure != null) {
            throw new LookupException(host, Reason.UNKNOWN, answer.failure);
        }
        return LocalNames.of(host, options, host, answer.addresses);
    }

    private IllegalStateException closed(String name) {
        return new IllegalStateException(name + ": the runtime is closed (" + owner + ")");
    }

    /** Who waits is told; what the JDK is asked goes on, on its thread. */
    public void close() {
        closed = true;
        calls.refuseAll(() -> closed("lookup"));
    }

    // ---------------------------------------------------------------- on threads

    private final class Question implements LimitedJobs.Job {
        private final HostName host;
        private final Completer<Answer> completer;

        Question(HostName host, String name) {
            this.host = host;
            this.completer = new Completer<>(name, this::giveUp);
        }

        private void giveUp() {
            questions.takeBack(this);
            completer.complete(new Outcome.Canceled<>(new CanceledException("nobody asks any more", null)));
        }

        @Override
        public void run() {
            Answer answer;
            try {
                List<InetAddress> found = List.of(asking.ask(host.ascii()));
                answer = new Answer(AddressOrder.sort(found, AddressOrder::source), null);
            } catch (UnknownHostException unknown) {
                answer = new Answer(List.of(), String.valueOf(unknown.getMessage()));
            } catch (Throwable thrown) {
                completer.fail(thrown);
                return;
            }
            completer.succeed(answer);
        }

        @Override
        public void refuse(OutOfMemoryError noThread) {
            completer.fail(noThread);
        }
    }

    private Future<Answer> start(HostName host, String name) {
        Question question = new Question(host, name);
        questions.start(question);
        Future<Answer> answer = question.completer.future();
        if (answer.outcome() instanceof Outcome.Failure<Answer>(OutOfMemoryError noThread)) {
            throw noThread; // there is no work to share
        }
        return answer;
    }
}
