package io.amphio.evented.loop;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A loop on one of the backends that this machine has, running on a thread of its own. */
final class OnBackend implements AutoCloseable {
    private static final List<String> CANDIDATES = List.of("uring", "epoll", "kqueue", "nio");

    final EventLoop loop;
    final List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    private final Thread thread;

    OnBackend(String backend) throws IOException {
        this(backend, options -> options);
    }

    OnBackend(String backend, UnaryOperator<EventLoopOptions> more) throws IOException {
        loop = EventLoop.open(more.apply(EventLoopOptions.DEFAULT
                .withName(backend)
                .withBackend(backend)
                .withOnFailure((on, failure) -> failures.add(failure))));
        thread = Thread.ofPlatform().name("loop on " + backend).daemon().start(() -> {
            loop.run();
            loop.close();
        });
    }

    /** The names of the backends that open here. */
    static Stream<String> all() {
        return CANDIDATES.stream().filter(OnBackend::opens);
    }

    private static boolean opens(String backend) {
        try (EventLoop loop = EventLoop.open(EventLoopOptions.DEFAULT.withBackend(backend))) {
            return loop.backendName().equals(backend);
        } catch (IOException | IllegalArgumentException notHere) {
            return false;
        }
    }

    /** Submits an operation and waits until it has ended. */
    <C extends Completion> C run(Function<Consumer<C>, C> operation) {
        var done = new CompletableFuture<C>();
        loop.submit(operation.apply(done::complete));
        return get(done);
    }

    static <T> T get(CompletableFuture<T> future) {
        try {
            return future.get(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Runs code in a callback of the loop and waits for it. */
    void inLoop(Runnable action) {
        var done = new CompletableFuture<Void>();
        loop.execute(() -> {
            try {
                action.run();
                done.complete(null);
            } catch (Throwable e) {
                done.completeExceptionally(e);
            }
        });
        get(done);
    }

    @Override
    public void close() {
        loop.stop();
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        assertTrue(failures.isEmpty(), () -> "callbacks threw " + failures);
    }
}
