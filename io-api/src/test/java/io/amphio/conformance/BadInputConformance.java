package io.amphio.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Body;
import io.amphio.Group;
import io.amphio.Io;
import io.amphio.IoOptions;
import io.amphio.IoRuntime;
import io.amphio.Select;
import io.amphio.Timeout;
import io.amphio.net.Server;
import io.amphio.net.Stream;
import io.amphio.sync.Barrier;
import io.amphio.sync.Channel;
import io.amphio.sync.ChannelClosedException;
import io.amphio.sync.Condition;
import io.amphio.sync.Event;
import io.amphio.sync.Mutex;
import io.amphio.sync.ReentrantMutex;
import io.amphio.sync.RwLock;
import io.amphio.sync.Semaphore;
import io.vavr.CheckedFunction0;
import io.vavr.CheckedRunnable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What the caller did wrong is said at once, in words that name it: the same ones on every {@link Io}. */
@SuppressWarnings("NullAway") // nulls are what it is about
public abstract class BadInputConformance extends Conformance {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final Duration BELOW_ZERO = Duration.ofMillis(-1);

    private static void says(Class<? extends Throwable> kind, String words, Executable wrong) {
        String message = String.valueOf(assertThrows(kind, wrong, words).getMessage());
        assertTrue(message.contains(words), () -> "instead of \"" + words + "\": " + message);
    }

    private static void misuse(String words, Executable wrong) {
        says(IllegalStateException.class, words, wrong);
    }

    private static void illegal(String words, Executable wrong) {
        says(IllegalArgumentException.class, words, wrong);
    }

    private static void isNull(String words, Executable wrong) {
        says(NullPointerException.class, words, wrong);
    }

    @Test
    void an_unknown_io_is_named_with_those_that_there_are() {
        illegal("no Io is called \"nope\"; there are: ", () -> IoRuntime.open(IoOptions.of("nope")));
        illegal("--io needs a value", () -> IoRuntime.open("--io"));
    }

    @Test
    void a_body_that_is_null_is_refused_before_anything_runs() {
        run(io -> {
            isNull("body is null", () -> io.async((CheckedFunction0<String>) null));
            isNull("body is null", () -> io.async((CheckedRunnable) null));
            isNull("body is null", () -> io.concurrent((CheckedFunction0<String>) null));
            isNull("body is null", () -> io.concurrent((CheckedRunnable) null));
            isNull("body is null", () -> io.call(io, (Body<String, RuntimeException>) null));
            isNull("body is null", () -> io.call(io, (Body.OfVoid<RuntimeException>) null));
            isNull("body is null", () -> io.withTimeout(Duration.ofSeconds(1), (Body<String, RuntimeException>) null));
            try (Group group = new Group()) {
                isNull("body is null", () -> group.async(io, (CheckedRunnable) null));
                assertEquals(0, group.size());
            }
        });
    }

    @Test
    void a_timeout_below_zero_or_null_is_refused_also_where_nothing_would_wait() {
        run(io -> {
            illegal("a timeout below zero: PT-0.001S", () -> Timeout.after(BELOW_ZERO));
            illegal("a timeout below zero: PT-0.001S", () -> Timeout.afterMillis(-1));
            illegal("a timeout below zero: PT-0.001S", () -> io.sleep(BELOW_ZERO));
            illegal("a timeout below zero: PT-0.001S", () -> io.withTimeout(BELOW_ZERO, () -> {}));
            isNull("duration is null", () -> Timeout.after(null));
            isNull("deadline is null", () -> Timeout.at(null));
            isNull("duration is null", () -> io.sleep((Duration) null));
            isNull("the timeout is null", () -> new Mutex().lock(io, null));
            isNull("the timeout is null", () -> new ReentrantMutex().lock(io, null));
            isNull("the timeout is null", () -> new RwLock().lockRead(io, null));
            isNull("the timeout is null", () -> new RwLock().lockWrite(io, null));
            isNull("the timeout is null", () -> new Semaphore(1).acquire(io, null));
            isNull("the timeout is null", () -> new Barrier(1).await(io, null));
            isNull("the timeout is null", () -> new Channel<String>(1).send(io, "x", null));
            Event happened = new Event();
            happened.set();
            isNull("the timeout is null", () -> happened.await(io, null));
            isNull("the timeout is null", () -> new Group().await(io, null));
            isNull("the timeout is null", () -> io.net().connect(io, ANY_PORT, null));
        });
    }

    @Test
    void an_io_that_is_null_is_refused_also_where_nothing_would_wait() {
        run(io -> {
            isNull("io", () -> new Mutex().lock(null));
            isNull("io", () -> new Semaphore(1).acquire(null));
            isNull("io", () -> io.call(null, () -> 1));
            isNull("io", () -> io.async(() -> 1).await(null));
            isNull("io", () -> io.net().connect(null, ANY_PORT));
        });
    }

    @Test
    void what_is_not_held_is_not_unlocked() {
        run(io -> {
            Mutex mutex = new Mutex();
            misuse("unlock of mutex: it is not locked", mutex::unlock);
            misuse("unlock of mutex: it is not locked", () -> new ReentrantMutex().unlock());
            misuse("unlockRead of rw-lock: nobody holds it for reading", () -> new RwLock().unlockRead());
            misuse("unlockWrite of rw-lock: nobody holds it for writing", () -> new RwLock().unlockWrite());
            misuse("does not hold its mutex", () -> new Condition(mutex).await(io));
            mutex.lock(io);
            misuse("holds it already and would wait for itself", () -> mutex.lock(io));
            Started<?> other = Started.start(io, () -> misuse(" holds it, and not ", mutex::unlock));
            other.await(io);
            mutex.unlock();
        });
    }

    @Test
    void a_closed_channel_says_so_to_senders_and_receivers() {
        run(io -> {
            Channel<String> channel = new Channel<>(1);
            channel.send(io, "before");
            channel.close();
            says(ChannelClosedException.class, "it is closed", () -> channel.send(io, "x"));
            says(ChannelClosedException.class, "it is closed", () -> channel.trySend("x"));
            assertEquals("before", channel.receive(io));
            says(ChannelClosedException.class, "it is closed", () -> channel.receive(io));
            says(
                    ChannelClosedException.class,
                    "it is closed",
                    () -> new Select<String>()
                            .receive(channel, message -> message)
                            .await(io));
        });
    }

    @Test
    void buffers_and_addresses_that_cannot_be_are_refused() throws IOException {
        run(io -> {
            try (Server server = io.net().listen(ANY_PORT);
                    Stream client = io.net().connect(io, server.localAddress());
                    Stream accepted = server.accept(io)) {
                ByteBuffer readOnly = ByteBuffer.allocate(1).asReadOnlyBuffer();
                illegal("read into a read-only buffer", () -> accepted.read(io, readOnly));
                illegal("read into a read-only buffer", () -> accepted.read(io, ByteBuffer.allocate(1), readOnly));
                assertEquals(1, client.write(io, readOnly));
                isNull("the timeout is null", () -> client.setReadTimeout(null));
            }
            InetSocketAddress unresolved = InetSocketAddress.createUnresolved("example.org", 80);
            illegal(
                    "connect example.org:80: the address is unresolved",
                    () -> io.net().connect(io, unresolved));
            illegal(
                    "bind example.org:80: the address is unresolved",
                    () -> io.net().listen(unresolved));
            isNull("connect: the address is null", () -> io.net().connect(io, null));
            isNull("bind: the address is null", () -> io.net().listen(null));
            isNull("listen: the options are null", () -> io.net().listen(ANY_PORT, null));
        });
    }

    @Test
    void a_runtime_that_is_closed_says_so() throws Exception {
        IoRuntime runtime = newRuntime();
        Io io = runtime.io();
        InetSocketAddress address;
        try (Server listening = io.net().listen(ANY_PORT)) {
            address = listening.localAddress();
        }
        runtime.close();
        misuse("the runtime is closed", () -> io.async(() -> 1));
        misuse("the runtime is closed", () -> io.concurrent(() -> 1));
        misuse("the runtime is closed", () -> io.call(io, () -> 1));
        misuse("the runtime is closed", () -> io.net().listen(ANY_PORT));
        misuse("the runtime is closed", () -> io.net().connect(io, address));
        misuse("the runtime is closed", () -> runtime.run(_ -> {}));
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        io.call(io, () -> 1);
                    } catch (Throwable refused) {
                        thrown.set(refused);
                    }
                })
                .join();
        assertInstanceOf(IllegalStateException.class, thrown.get());
        assertTrue(String.valueOf(thrown.get().getMessage()).contains("the runtime is closed"));
    }
}
