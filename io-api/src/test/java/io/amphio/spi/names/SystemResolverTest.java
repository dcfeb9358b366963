package io.amphio.spi.names;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Io;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.net.AddressFamily;
import io.amphio.net.HostName;
import io.amphio.net.LookupException;
import io.amphio.net.LookupException.Reason;
import io.amphio.net.LookupOptions;
import io.amphio.spi.WorkerThreads;
import io.amphio.testing.ThreadIo;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SystemResolverTest {
    private static final InetAddress FOURTH = InetAddress.ofLiteral("127.0.0.7");
    private static final HostName HOST = HostName.of("some.example");
    private static final LookupOptions SHORT = LookupOptions.DEFAULT.withTimeout(Timeout.afterMillis(30));

    private final Io io = ThreadIo.platform();
    private final WorkerThreads threads = new WorkerThreads("names", Duration.ofSeconds(1), () -> {});
    private final Queue<String> asked = new ConcurrentLinkedQueue<>();
    private final CountDownLatch may = new CountDownLatch(1);

    @AfterEach
    void close() {
        may.countDown();
        threads.close();
        assertTrue(threads.awaitEnd(System.nanoTime() + TimeUnit.SECONDS.toNanos(5)), "a thread was left");
    }

    private InetAddress[] ask(String host) throws UnknownHostException {
        asked.add(host);
        try {
            may.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        if (host.startsWith("no")) {
            throw new UnknownHostException("no such thing");
        }
        return new InetAddress[] {FOURTH};
    }

    private SystemResolver resolver(int limit) {
        return new SystemResolver("testing", threads, limit, this::ask);
    }

    @Test
    void it_tells_what_the_system_says() throws Exception {
        may.countDown();
        assertEquals(
                List.of(FOURTH),
                resolver(1).lookup(io, HOST, LookupOptions.DEFAULT).addresses());
        LookupException unknown = assertThrows(
                LookupException.class, () -> resolver(1).lookup(io, HostName.of("no.example"), LookupOptions.DEFAULT));
        assertEquals("lookup no.example: the system does not know it (no such thing)", unknown.getMessage());
        assertEquals(Reason.UNKNOWN, unknown.reason());
        LookupException sixth = assertThrows(
                LookupException.class,
                () -> resolver(1).lookup(io, HOST, LookupOptions.DEFAULT.withFamily(AddressFamily.IPV6)));
        assertEquals(Reason.NO_ADDRESS, sixth.reason());
        assertThrows(
                UnsupportedOperationException.class,
                () -> resolver(1).lookup(io, HOST, LookupOptions.DEFAULT.withCanonicalName(true)));
    }

    @Test
    void who_gives_up_leaves_and_the_thread_goes_on_for_nobody() {
        SystemResolver resolver = resolver(1);
        TimedOutException passed = assertThrows(TimedOutException.class, () -> resolver.lookup(io, HOST, SHORT));
        assertTrue(
                passed.getMessage().startsWith("lookup some.example: the deadline passed after "), passed.getMessage());
        // The only thread still asks the first time; this one is queued, and taken out again.
        assertThrows(TimedOutException.class, () -> resolver.lookup(io, HostName.of("other.example"), SHORT));
        may.countDown();
        threads.close();
        assertTrue(threads.awaitEnd(System.nanoTime() + TimeUnit.SECONDS.toNanos(5)), "the thread does not end");
        assertEquals(List.of("some.example"), List.copyOf(asked));
    }

    @Test
    void a_closed_one_refuses() {
        SystemResolver resolver = resolver(1);
        resolver.close();
        String message = assertThrows(
                        IllegalStateException.class, () -> resolver.lookup(io, HOST, LookupOptions.DEFAULT))
                .getMessage();
        assertEquals("lookup some.example: the runtime is closed (testing)", message);
    }
}
