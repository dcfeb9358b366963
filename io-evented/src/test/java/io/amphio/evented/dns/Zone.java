package io.amphio.evented.dns;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** What a server is the authority of: everything. It knows no network, so it serves real and simulated ones. */
final class Zone {
    static final int NEGATIVE_SECONDS = 30;

    private final Map<Name, List<Record>> records = new ConcurrentHashMap<>();
    private final Map<Name, Integer> rcodes = new ConcurrentHashMap<>();
    private volatile boolean followsAliases = true;

    static Name name(String text) {
        try {
            return Name.fromString(text, Name.root);
        } catch (TextParseException e) {
            throw new IllegalArgumentException(e);
        }
    }

    Zone address(String name, String literal) {
        return address(name, literal, 300);
    }

    Zone address(String name, String literal, long seconds) {
        InetAddress address = InetAddress.ofLiteral(literal);
        return add(
                literal.indexOf(':') < 0
                        ? new ARecord(name(name), DClass.IN, seconds, address)
                        : new AAAARecord(name(name), DClass.IN, seconds, address));
    }

    Zone alias(String name, String target) {
        return add(new CNAMERecord(name(name), DClass.IN, 300, name(target)));
    }

    private Zone add(Record record) {
        records.computeIfAbsent(record.getName(), _ -> new ArrayList<>()).add(record);
        return this;
    }

    /** Says no more than what is asked for: whoever asks has to ask for the target of an alias by himself. */
    Zone withoutFollowing() {
        followsAliases = false;
        return this;
    }

    Zone failing(String name, int rcode) {
        rcodes.put(name(name), rcode);
        return this;
    }

    /** Returns the response to {@code query}, whole. */
    Message answer(Message query) {
        Record question = query.getQuestion();
        Message response = new Message(query.getHeader().getID());
        response.getHeader().setFlag(Flags.QR);
        response.getHeader().setFlag(Flags.AA);
        response.addRecord(question, Section.QUESTION);
        Integer rcode = rcodes.get(question.getName());
        if (rcode != null) {
            response.getHeader().setRcode(rcode);
            return response;
        }
        Name name = question.getName();
        boolean found = false;
        for (int hops = 0; hops < 10; hops++) { // of a circle, it says no more than a real one would
            List<Record> all = records.getOrDefault(name, List.of());
            CNAMERecord alias = null;
            for (Record record : all) {
                if (record.getType() == question.getType()) {
                    response.addRecord(record, Section.ANSWER);
                    found = true;
                } else if (record instanceof CNAMERecord each) {
                    alias = each;
                }
            }
            if (alias == null) {
                if (!found) {
                    response.getHeader().setRcode(all.isEmpty() ? Rcode.NXDOMAIN : Rcode.NOERROR);
                    response.addRecord(soa(), Section.AUTHORITY);
                }
                return response;
            }
            response.addRecord(alias, Section.ANSWER);
            if (!followsAliases) {
                return response;
            }
            name = alias.getTarget();
        }
        return response;
    }

    private static Record soa() {
        Name zone = name("example");
        return new SOARecord(zone, DClass.IN, 3600, zone, zone, 1, 1, 1, 1, NEGATIVE_SECONDS);
    }

    static String type(Message query) {
        return query.getQuestion().getName().toString(true) + " "
                + Type.string(query.getQuestion().getType());
    }
}
