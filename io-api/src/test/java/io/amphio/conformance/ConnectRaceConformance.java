package io.amphio.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.CanceledException;
import io.amphio.Io;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.net.DatagramOptions;
import io.amphio.net.DatagramSocket;
import io.amphio.net.HostAddresses;
import io.amphio.net.HostName;
import io.amphio.net.ListenOptions;
import io.amphio.net.LookupException;
import io.amphio.net.LookupOptions;
import io.amphio.net.Net;
import io.amphio.net.Resolver;
import io.amphio.net.Server;
import io.amphio.net.Stream;
import io.amphio.net.StreamPair;
import io.vavr.control.Option;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What the race of a host's addresses promises, on a network that does as each test says. */
public abstract class ConnectRaceConformance extends Conformance {
    private static final HostName HOST = HostName.of("some.example");

    /** What becomes of one attempt. */
    private interface Attempt {
        Stream run(Io io) throws IOException;
    }

    /** How the rest of an answer comes. */
    private interface Part {
        void come(Io io) throws IOException;
    }

    /** A network whose addresses a test describes, in the order in which they are looked up. */
    private static class Described implements Net {
        private final Map<InetAddress, Attempt> attempts = new LinkedHashMap<>();
        private final List<InetAddress> begun = new CopyOnWriteArrayList<>();
        private final AtomicInteger canceled = new AtomicInteger();
        private final AtomicInteger open = new AtomicInteger();
        private String[] early = {};
        private Part rest = _ -> {};

        Described with(String literal, Attempt attempt) {
            attempts.put(InetAddress.ofLiteral(literal), attempt);
            return this;
        }

        Described hangs(String literal) {
            return with(literal, this::hang);
        }

        private Stream hang(Io io) {
            try {
                io.sleep(Duration.ofDays(1));
            } catch (CanceledException struck) {
                canceled.incrementAndGet();
                throw struck;
            }
            throw new AssertionError("nobody ended it");
        }

        Described connects(String literal) {
            return with(literal, _ -> stream());
        }

        Described fails(String literal, IOException failure) {
            return with(literal, _ -> {
                throw failure;
            });
        }

        /** A stream that can only be closed. */
        Stream stream() {
            open.incrementAndGet();
            return (Stream) Proxy.newProxyInstance(
                    Stream.class.getClassLoader(), new Class<?>[] {Stream.class}, (_, method, _) -> {
                        assertEquals("close", method.getName());
                        open.decrementAndGet();
                        return null;
                    });
        }

        /** Some addresses are known early, and the others after {@code rest}, which may fail or never end. */
        Described knowsEarly(Part rest, String... literals) {
            early = literals;
            this.rest = rest;
            return this;
        }

        @Override
        public Resolver resolver() {
            return new Resolver() {
                @Override
                public HostAddresses lookup(Io io, HostName host, LookupOptions options) {
                    return known(host, List.copyOf(attempts.keySet()));
                }

                @Override
                public HostAddresses lookup(
                        Io io, HostName host, LookupOptions options, Consumer<HostAddresses> consumer)
                        throws IOException {
                    if (early.length > 0) {
                        consumer.accept(known(host, addresses(early)));
                        rest.come(io);
                    }
                    return lookup(io, host, options);
                }
            };
        }

        private static HostAddresses known(HostName host, List<InetAddress> addresses) {
            return new HostAddresses(host, addresses, Option.none());
        }

        @Override
        public Stream connect(Io io, SocketAddress address, Timeout timeout) throws IOException {
            InetAddress host = ((InetSocketAddress) address).getAddress();
            begun.add(host);
            return attempts.get(host).run(io);
        }

        @Override
        public Server listen(SocketAddress address, ListenOptions options) {
            throw new UnsupportedOperationException();
        }

        @Override
        public StreamPair pair() {
            throw new UnsupportedOperationException();
        }

        @Override
        public DatagramSocket bind(SocketAddress address, DatagramOptions options) {
            throw new UnsupportedOperationException();
        }
    }

    private static List<InetAddress> addresses(String... literals) {
        return java.util.stream.Stream.of(literals).map(InetAddress::ofLiteral).toList();
    }

    @Test
    void another_joins_one_that_takes_long_and_the_first_to_connect_wins() throws IOException {
        run(io -> {
            Described net =
                    new Described().hangs("2001:db8::1").connects("192.0.2.1").connects("2001:db8::2");
            long started = io.clock().nanoTime();
            try (Stream _ = net.connect(io, HOST, 80)) {
                assertTrue(
                        io.clock().nanoTime() - started
                                >= Duration.ofMillis(250).toNanos(),
                        "it joined too early");
                assertEquals(addresses("2001:db8::1", "192.0.2.1"), net.begun);
                assertEquals(1, net.canceled.get(), "the loser goes on");
                assertEquals(1, net.open.get());
            }
            assertEquals(0, net.open.get());
        });
    }

    @Test
    void one_that_fails_makes_room_for_the_next_and_families_take_turns() throws IOException {
        run(io -> {
            Described net = new Described()
                    .fails("2001:db8::1", new ConnectException("no"))
                    .fails("2001:db8::2", new ConnectException("no"))
                    .fails("192.0.2.1", new ConnectException("no"))
                    .connects("192.0.2.2");
            net.connect(io, HOST, 80).close();
            assertEquals(addresses("2001:db8::1", "192.0.2.1", "2001:db8::2", "192.0.2.2"), net.begun);
        });
    }

    @Test
    void where_all_fail_the_most_telling_is_thrown_and_none_is_left_out() throws IOException {
        run(io -> {
            IOException unreachable =
                    new SocketException("connect [2001:db8::1]:80: network is unreachable (ENETUNREACH)");
            IOException refused = new ConnectException("connect 192.0.2.1:80: connection refused (ECONNREFUSED)");
            IOException silent = new ConnectException("connect 192.0.2.2:80: connection timed out (ETIMEDOUT)");
            Described net = new Described()
                    .fails("2001:db8::1", unreachable)
                    .fails("192.0.2.1", refused)
                    .fails("192.0.2.2", silent);
            ConnectException thrown = assertThrows(ConnectException.class, () -> net.connect(io, HOST, 80));
            assertEquals(
                    "connect some.example:80: none of 3 addresses; connect 192.0.2.1:80: connection refused (ECONNREFUSED)",
                    thrown.getMessage());
            assertSame(refused, thrown.getCause());
            assertEquals(List.of(unreachable, refused, silent), List.of(thrown.getSuppressed()));
        });
    }

    @Test
    void a_cancel_ends_all_attempts() throws Exception {
        run((io, other) -> {
            Described net =
                    new Described().hangs("2001:db8::1").hangs("192.0.2.1").connects("2001:db8::2");
            var racing = io.concurrent(() -> net.connect(io, HOST, 80)).get();
            until(io, () -> !net.begun.isEmpty());
            assertTrue(racing.cancel(io).isFailure());
            assertEquals(net.begun.size(), net.canceled.get());
            assertEquals(0, net.open.get());
        });
    }

    @Test
    void a_deadline_ends_all_attempts_and_tells_of_those_that_had_failed() throws IOException {
        run(io -> {
            IOException refused = new ConnectException("connect 192.0.2.1:80: connection refused (ECONNREFUSED)");
            Described net = new Described()
                    .fails("192.0.2.1", refused)
                    .hangs("192.0.2.2")
                    .hangs("192.0.2.3");
            TimedOutException passed =
                    assertThrows(TimedOutException.class, () -> net.connect(io, HOST, 80, Timeout.afterMillis(400)));
            assertTrue(
                    passed.getMessage().startsWith("connect some.example:80: the deadline passed after "),
                    passed.getMessage());
            assertEquals(List.of(refused), List.of(passed.getSuppressed()));
            assertEquals(net.begun.size() - 1, net.canceled.get());
        });
    }

    @Test
    void one_that_connects_although_it_was_canceled_is_closed() throws IOException {
        run(io -> {
            Described net = new Described();
            net.with("2001:db8::1", own -> {
                try {
                    net.hang(own);
                } catch (CanceledException struck) {
                    own.recancel(); // it was swallowed, but not by this test
                }
                return net.stream();
            });
            net.connects("192.0.2.1");
            net.connect(io, HOST, 80).close();
            assertEquals(2, net.begun.size());
            assertEquals(0, net.open.get());
        });
    }

    @Test
    void what_is_no_failure_of_the_network_is_thrown_as_it_is_and_ends_all() throws IOException {
        run(io -> {
            Described net = new Described().hangs("2001:db8::1").with("192.0.2.1", _ -> {
                throw new IllegalStateException("the runtime is closed");
            });
            assertThrows(IllegalStateException.class, () -> net.connect(io, HOST, 80));
            assertEquals(1, net.canceled.get());
        });
    }

    // ---------------------------------------------------------------- what is known early

    @Test
    void it_begins_with_what_is_known_and_the_lookup_ends_with_it() throws IOException {
        run(io -> {
            AtomicInteger ended = new AtomicInteger();
            Described net = new Described()
                    .connects("2001:db8::1")
                    .hangs("192.0.2.1")
                    .knowsEarly(
                            own -> {
                                try {
                                    own.sleep(Duration.ofDays(1));
                                } finally {
                                    ended.incrementAndGet();
                                }
                            },
                            "2001:db8::1");
            net.connect(io, HOST, 80).close();
            assertEquals(1, ended.get(), "the lookup goes on");
            assertEquals(addresses("2001:db8::1"), net.begun);
        });
    }

    @Test
    void of_IPv4_alone_it_waits_a_moment_for_IPv6() throws IOException {
        run(io -> {
            Described net =
                    new Described().connects("192.0.2.1").knowsEarly(own -> own.sleep(Duration.ofDays(1)), "192.0.2.1");
            long started = io.clock().nanoTime();
            net.connect(io, HOST, 80).close();
            assertTrue(io.clock().nanoTime() - started >= Duration.ofMillis(50).toNanos(), "too early");
            Described soon = new Described()
                    .connects("2001:db8::1")
                    .fails("192.0.2.1", new ConnectException("no"))
                    .knowsEarly(own -> own.sleep(Duration.ofMillis(1)), "192.0.2.1");
            soon.connect(io, HOST, 80).close();
            assertEquals(InetAddress.ofLiteral("2001:db8::1"), soon.begun.getFirst());
        });
    }

    @Test
    void what_is_known_later_joins_also_when_all_before_has_failed() throws IOException {
        run(io -> {
            Described net = new Described();
            net.fails("192.0.2.1", new ConnectException("no"))
                    .connects("2001:db8::1")
                    .knowsEarly(own -> until(own, () -> !net.begun.isEmpty()), "192.0.2.1");
            net.connect(io, HOST, 80).close();
            assertEquals(addresses("192.0.2.1", "2001:db8::1"), net.begun);
        });
    }

    @Test
    void a_lookup_that_fails_in_the_end_counts_with_the_attempts_and_alone_if_there_were_none() throws IOException {
        run(io -> {
            LookupException failed = new LookupException(HOST, LookupException.Reason.NO_ANSWER, null);
            IOException refused = new ConnectException("connect 192.0.2.1:80: connection refused (ECONNREFUSED)");
            Described net = new Described();
            net.fails("192.0.2.1", refused)
                    .knowsEarly(
                            own -> {
                                until(own, () -> !net.begun.isEmpty());
                                throw failed;
                            },
                            "192.0.2.1");
            ConnectException thrown = assertThrows(ConnectException.class, () -> net.connect(io, HOST, 80));
            assertEquals(Set.of(refused, failed), Set.of(thrown.getSuppressed()));
            assertSame(refused, thrown.getCause());
            Resolver nobody = (_, _, _) -> {
                throw failed;
            };
            Net lost = new Described() {
                @Override
                public Resolver resolver() {
                    return nobody;
                }
            };
            assertSame(failed, assertThrows(LookupException.class, () -> lost.connect(io, HOST, 80)));
        });
    }
}
