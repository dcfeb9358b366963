package io.amphio.evented.dns;

import static io.amphio.evented.dns.DnsResolverTest.FOURTH;
import static io.amphio.evented.dns.DnsResolverTest.addresses;
import static io.amphio.evented.dns.DnsResolverTest.lookup;
import static io.amphio.evented.dns.DnsResolverTest.refused;
import static io.amphio.evented.dns.DnsResolverTest.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.net.HostName;
import io.amphio.net.LookupException;
import io.amphio.net.LookupException.Reason;
import io.amphio.net.LookupOptions;
import io.amphio.net.NameServers;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Servers that are silent, slow, cut what they say, fail, or are not the ones that speak. */
class LyingServersTest {
    private static final Duration BRIEF = Duration.ofMillis(80);
    private final Zone zone = new Zone().address("a.example", "127.0.0.7");
    private final Zone lies = new Zone().address("a.example", "127.6.6.6").address("b.example", "127.6.6.6");

    @Test
    void what_does_not_belong_to_the_query_is_ignored_and_the_wait_goes_on() throws Exception {
        Random random = new Random(1);
        try (NameServer server = NameServer.start(zone).with(asked -> {
            Message wrongId = lies.answer(asked.query);
            wrongId.getHeader().setID(asked.query.getHeader().getID() ^ 1);
            asked.reply(wrongId);
            Message otherName = lies.answer(new Message(
                    Wire.query(asked.query.getHeader().getID(), new Question(Zone.name("b.example"), 1), true)));
            asked.reply(otherName);
            asked.replyFromElsewhere(lies.answer(asked.query));
            for (int i = 0; i < 20; i++) {
                byte[] garbage = new byte[random.nextInt(100)];
                random.nextBytes(garbage);
                asked.reply(garbage);
            }
            asked.reply(asked.query);
            asked.answer();
        })) {
            run(server.options(), io -> {
                assertEquals(
                        addresses("127.0.0.7"), lookup(io, "a.example", FOURTH).addresses());
                assertEquals(List.of("udp a.example A"), server.log());
            });
        }
    }

    @Test
    void lies_alone_are_as_silence() throws Exception {
        try (NameServer server = NameServer.start(zone).with(asked -> {
            Message wrongId = lies.answer(asked.query);
            wrongId.getHeader().setID(asked.query.getHeader().getID() ^ 1);
            asked.reply(wrongId);
            asked.replyFromElsewhere(lies.answer(asked.query));
        })) {
            NameServers servers =
                    NameServers.of(server.address()).withTimeout(BRIEF).withAttempts(1);
            run(NameServer.options(servers), io -> {
                LookupException silent = refused(io, "a.example", FOURTH);
                assertEquals(Reason.NO_ANSWER, silent.reason());
                assertEquals(
                        "lookup a.example: no name server answered (127.0.0.1: no answer in 80 ms)",
                        silent.getMessage());
            });
        }
    }

    @Test
    void what_is_cut_is_asked_for_over_TCP() throws Exception {
        Zone many = new Zone();
        for (int i = 0; i < 200; i++) {
            many.address("a.example", "127.0.2." + i);
        }
        try (NameServer server = NameServer.start(many).with(asked -> {
            Message answer = asked.truth();
            if (!asked.isTcp) {
                answer.removeAllRecords(Section.ANSWER);
                answer.getHeader().setFlag(Flags.TC);
            } else {
                Message wrongId = lies.answer(asked.query);
                wrongId.getHeader().setID(asked.query.getHeader().getID() ^ 1);
                asked.reply(wrongId);
            }
            asked.reply(answer);
        })) {
            run(server.options(), io -> {
                assertEquals(200, lookup(io, "a.example", FOURTH).addresses().size());
                assertEquals(List.of("udp a.example A", "tcp a.example A"), server.log());
            });
        }
    }

    @Test
    void a_datagram_that_is_larger_than_ours_is_asked_for_over_TCP_and_one_that_fits_is_taken() throws Exception {
        Zone many = new Zone();
        for (int i = 0; i < 400; i++) {
            many.address("large.example", "127.0." + i / 200 + "." + i % 200); // over 4 KiB
        }
        for (int i = 0; i < 150; i++) {
            many.address("small.example", "127.0.2." + i); // more than was asked for, and less than 4 KiB
        }
        try (NameServer server = NameServer.start(many)) {
            run(server.options(), io -> {
                assertEquals(
                        400, lookup(io, "large.example", FOURTH).addresses().size());
                assertEquals(
                        150, lookup(io, "small.example", FOURTH).addresses().size());
                assertEquals(
                        List.of("udp large.example A", "tcp large.example A", "udp small.example A"), server.log());
            });
        }
    }

    @Test
    void a_connection_that_ends_within_an_answer_is_a_failure_of_that_server() throws Exception {
        try (NameServer bad = NameServer.start(zone).with(asked -> {
                    if (asked.isTcp) {
                        throw new java.io.EOFException("hang up");
                    }
                    Message cut = asked.truth();
                    cut.getHeader().setFlag(Flags.TC);
                    asked.reply(cut);
                });
                NameServer good = NameServer.start(zone)) {
            run(NameServer.options(NameServers.of(bad.address(), good.address())), io -> {
                assertEquals(
                        addresses("127.0.0.7"), lookup(io, "a.example", FOURTH).addresses());
                assertEquals(List.of("udp a.example A", "tcp a.example A"), bad.log());
                assertEquals(List.of("udp a.example A"), good.log());
            });
        }
    }

    @Test
    void a_server_that_does_not_know_EDNS0_is_asked_without() throws Exception {
        try (NameServer server = NameServer.start(zone).with(asked -> {
            if (asked.query.getOPT() != null) {
                Message refusal = new Message(asked.query.getHeader().getID());
                refusal.getHeader().setFlag(Flags.QR);
                refusal.getHeader().setRcode(Rcode.FORMERR);
                refusal.addRecord(asked.query.getQuestion(), Section.QUESTION);
                asked.reply(refusal);
            } else {
                asked.answer();
            }
        })) {
            run(server.options(), io -> {
                assertEquals(
                        addresses("127.0.0.7"), lookup(io, "a.example", FOURTH).addresses());
                assertEquals(2, server.log().size());
            });
        }
    }

    @Test
    void the_next_server_is_asked_where_one_fails_refuses_is_silent_or_is_not_there() throws Exception {
        InetSocketAddress gone;
        try (NameServer brief = NameServer.start(zone)) {
            gone = brief.address();
        }
        try (NameServer failing = NameServer.start(new Zone().failing("a.example", Rcode.SERVFAIL));
                NameServer refusing = NameServer.start(new Zone().failing("a.example", Rcode.REFUSED));
                NameServer silent = NameServer.start(zone).with(_ -> {});
                NameServer good = NameServer.start(zone)) {
            NameServers servers = NameServers.of(
                            failing.address(), refusing.address(), silent.address(), gone, good.address())
                    .withTimeout(Duration.ofMillis(300));
            run(NameServer.options(servers), io -> {
                assertEquals(
                        addresses("127.0.0.7"), lookup(io, "a.example", FOURTH).addresses());
                for (NameServer each : List.of(failing, refusing, silent, good)) {
                    assertEquals(List.of("udp a.example A"), each.log());
                }
            });
        }
    }

    @Test
    void what_is_lost_is_asked_for_again() throws Exception {
        AtomicInteger queries = new AtomicInteger();
        try (NameServer server = NameServer.start(zone).with(asked -> {
            if (queries.incrementAndGet() == 2) {
                asked.answer();
            }
        })) {
            NameServers servers = NameServers.of(server.address()).withTimeout(Duration.ofMillis(200));
            run(NameServer.options(servers), io -> {
                assertEquals(
                        addresses("127.0.0.7"), lookup(io, "a.example", FOURTH).addresses());
                assertEquals(2, server.log().size());
            });
        }
    }

    @Test
    void servers_take_turns_where_they_shall() throws Exception {
        try (NameServer first = NameServer.start(zone);
                NameServer second = NameServer.start(zone)) {
            NameServers servers =
                    NameServers.of(first.address(), second.address()).withRotation(true);
            run(NameServer.options(servers).withCacheEntries(0), io -> {
                for (int i = 0; i < 6; i++) {
                    lookup(io, "a.example", FOURTH);
                }
                assertEquals(3, first.log().size());
                assertEquals(3, second.log().size());
            });
        }
    }

    @Test
    void one_family_is_enough_where_the_server_fails_at_the_other() throws Exception {
        try (NameServer server = NameServer.start(zone).with(asked -> {
            if (asked.query.getQuestion().getType() == Type.AAAA) {
                Message failure = asked.truth();
                failure.getHeader().setRcode(Rcode.SERVFAIL);
                asked.reply(failure);
            } else {
                asked.answer();
            }
        })) {
            run(server.options(), io -> {
                assertEquals(addresses("127.0.0.7"), io.net().lookup(io, HostName.of("a.example")));
                LookupException failed = refused(io, "b.example", LookupOptions.DEFAULT);
                assertEquals(Reason.SERVERS_FAILED, failed.reason(), "there may be an address");
                assertTrue(server.count("udp a.example AAAA") >= 1);
            });
        }
    }
}
