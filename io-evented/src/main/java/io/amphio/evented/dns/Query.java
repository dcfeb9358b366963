package io.amphio.evented.dns;

import io.amphio.Io;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.net.LookupException.Reason;
import io.amphio.net.NameServers;
import io.amphio.net.Stream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Type;

/**
 * One question to name servers, until one of them has said something that counts.
 *
 * <pre>
 *   a server                               and then
 *   ------------------------------------   ---------------------------------------------------------------------------
 *   answers, or says that there is none    that is the answer; an alias is followed, with another question if need be
 *   says something to another query        it is ignored, and the wait goes on
 *   cuts its answer                        the same server is asked over TCP
 *   does not know EDNS0                    the same server is asked without
 *   says that it failed, or refuses        the next server is asked
 *   cannot be reached, is silent           the next server is asked
 *   was the last                           the first is asked again, as often as there are attempts
 * </pre>
 *
 * <p>Each query has an id and a local port by chance, so who does not see it has to guess both.
 *
 * <p><b>Threads:</b> one task's.
 */
final class Query {
    private static final int IDS = 1 << 16;
    private static final int MOST_ALIASES = 16;
    private static final int MOST_TCP_BYTES = 0xffff;

    private final Io io;
    private final Transport transport;
    private final IntUnaryOperator chance;
    private final NameServers config;
    private final int firstServer;
    private Reason worst = Reason.NO_ANSWER;
    private final List<String> notes = new ArrayList<>();

    /**
     * Creates it.
     *
     * @param io who waits
     * @param transport the network
     * @param chance a number from 0 to below another one, that nobody can guess
     * @param config whom to ask, and how
     * @param firstServer the index of the server to begin with
     */
    Query(Io io, Transport transport, IntUnaryOperator chance, NameServers config, int firstServer) {
        this.io = io;
        this.transport = transport;
        this.chance = chance;
        this.config = config;
        this.firstServer = firstServer;
    }

    // ---------------------------------------------------------------- aliases

    Answer run(Question question) {
        Set<Name> seen = new HashSet<>(Set.of(question.name()));
        Name name = question.name();
        long seconds = Long.MAX_VALUE;
        while (true) {
            Wire.Response response = ask(question.of(name));
            if (response == null) {
                return new Answer.Failed(worst, String.join(", ", notes));
            }
            Name asked = name;
            CNAMERecord alias;
            while ((alias = aliasOf(name, response.answers())) != null) {
                name = alias.getTarget();
                seconds = Math.min(seconds, seconds(alias));
                if (!seen.add(name) || seen.size() > MOST_ALIASES) {
                    return new Answer.Failed(Reason.ALIAS_LOOP, "at " + name.toString(true));
                }
            }
            Answer answer = answer(question.of(name), response, seconds, name.equals(asked));
            if (answer != null) {
                return answer;
            }
        }
    }

    /** Returns what {@code response} says; null if it is only that the name is an alias. */
    private static @Nullable Answer answer(
            Question question, Wire.Response response, long aliasSeconds, boolean isWhatWasAsked) {
        List<InetAddress> addresses = new ArrayList<>();
        long seconds = aliasSeconds;
        for (Record record : response.answers()) {
            InetAddress address = record.getName().equals(question.name()) && record.getType() == question.type()
                    ? address(record)
                    : null;
            if (address != null && !addresses.contains(address)) {
                addresses.add(address);
                seconds = Math.min(seconds, seconds(record));
            }
        }
        if (!addresses.isEmpty()) {
            return new Answer.Found(List.copyOf(addresses), question.name(), seconds);
        }
        SOARecord zone = zone(response.authority());
        long negativeSeconds =
                zone == null ? 0 : Math.min(aliasSeconds, Math.min(seconds(zone), Math.max(0, zone.getMinimum())));
        if (response.rcode() == Rcode.NXDOMAIN) {
            return new Answer.NoSuchName(negativeSeconds);
        }
        return isWhatWasAsked || zone != null ? new Answer.NoAddress(negativeSeconds) : null;
    }

    private static @Nullable CNAMERecord aliasOf(Name name, List<Record> answers) {
        for (Record record : answers) {
            if (record instanceof CNAMERecord alias && alias.getName().equals(name)) {
                return alias;
            }
        }
        return null;
    }

    private static @Nullable SOARecord zone(List<Record> authority) {
        for (Record record : authority) {
            if (record instanceof SOARecord zone) {
                return zone;
            }
        }
        return null;
    }

    /** One of IPv4 that is mapped into IPv6 is none of either: what it would be, the JDK decides by itself. */
    private static @Nullable InetAddress address(Record record) {
        byte[] bytes = switch (record) {
            case ARecord fourth -> fourth.getAddress().getAddress();
            case AAAARecord sixth -> sixth.getAddress().getAddress();
            default -> new byte[0];
        };
        try {
            InetAddress address = InetAddress.getByAddress(bytes);
            return address instanceof Inet4Address == (record.getType() == Type.A) ? address : null;
        } catch (java.net.UnknownHostException wrongLength) {
            return null;
        }
    }

    /** A time to live with its highest bit set is zero (RFC 2181). */
    private static long seconds(Record record) {
        long seconds = record.getTTL();
        return seconds > Integer.MAX_VALUE || seconds < 0 ? 0 : seconds;
    }

    // ---------------------------------------------------------------- servers

    /** Returns the first response that counts, or null if no server gave one. */
    private Wire.@Nullable Response ask(Question question) {
        List<InetSocketAddress> servers = config.servers();
        for (int attempt = 0; attempt < config.attempts(); attempt++) {
            for (int i = 0; i < servers.size(); i++) {
                InetSocketAddress server = servers.get((firstServer + i) % servers.size());
                Wire.Response response = ask(question, server);
                if (response != null) {
                    return response;
                }
            }
        }
        return null;
    }

    private Wire.@Nullable Response ask(Question question, InetSocketAddress server) {
        try {
            Wire.Response response = exchange(question, server, true);
            if (response.rcode() == Rcode.FORMERR || response.rcode() == Rcode.NOTIMP) {
                response = exchange(question, server, false);
            }
            if (response.rcode() == Rcode.NOERROR || response.rcode() == Rcode.NXDOMAIN) {
                return response;
            }
            worst = Reason.SERVERS_FAILED;
            note(server, Rcode.string(response.rcode()));
        } catch (TimedOutException silent) {
            note(server, "no answer in " + config.timeout().toMillis() + " ms");
        } catch (IOException unreachable) {
            note(server, String.valueOf(unreachable.getMessage()));
        }
        return null;
    }

    private void note(InetSocketAddress server, String what) {
        String note = server.getAddress().getHostAddress() + ": " + what;
        if (!notes.contains(note)) {
            notes.add(note);
        }
    }

    private Timeout limit() {
        return Timeout.at(io.clock().deadlineAfter(config.timeout()));
    }

    private Wire.Response exchange(Question question, InetSocketAddress server, boolean withEdns) throws IOException {
        int id = chance.applyAsInt(IDS);
        byte[] query = Wire.query(id, question, withEdns);
        Timeout limit = limit();
        try (Transport.Datagrams datagrams = transport.open(io, server)) {
            datagrams.send(io, ByteBuffer.wrap(query), limit);
            while (true) {
                byte[] received = datagrams.receive(io, limit);
                Wire.Response response = received == null ? null : Wire.response(received, id, question);
                if (received == null || (response != null && response.isTruncated())) {
                    break;
                }
                if (response != null) {
                    return response;
                }
            }
        }
        return exchangeByTcp(question, server, withEdns);
    }

    // ---------------------------------------------------------------- TCP

    private Wire.Response exchangeByTcp(Question question, InetSocketAddress server, boolean withEdns)
            throws IOException {
        int id = chance.applyAsInt(IDS);
        byte[] query = Wire.query(id, question, withEdns);
        Timeout limit = limit();
        try (Stream stream = transport.connect(io, server, limit)) {
            stream.setReadTimeout(limit);
            stream.setWriteTimeout(limit);
            ByteBuffer framed = ByteBuffer.allocate(2 + query.length);
            stream.writeAll(io, framed.putShort((short) query.length).put(query).flip());
            while (true) {
                int length = read(stream, 2).getShort() & MOST_TCP_BYTES;
                Wire.Response response = Wire.response(read(stream, length).array(), id, question);
                if (response != null) {
                    return response;
                }
            }
        }
    }

    private ByteBuffer read(Stream stream, int bytes) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(bytes);
        while (target.hasRemaining()) {
            if (stream.read(io, target) < 0) {
                throw new EOFException("the connection ended within an answer");
            }
        }
        return target.flip();
    }
}
