package io.amphio.evented.dns;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/** Messages as bytes. */
final class Wire {
    /** What a datagram may have without being cut on its way, on nearly every way there is. */
    static final int UDP_BYTES = 1_232;

    private Wire() {}

    /**
     * What a server said.
     *
     * @param rcode how it went
     * @param isTruncated whether it is but the beginning
     * @param answers the section of that name
     * @param authority the section of that name
     */
    record Response(int rcode, boolean isTruncated, List<Record> answers, List<Record> authority) {}

    /** Returns a query with {@code id}, and with EDNS0 unless a server does not know that. */
    static byte[] query(int id, Question question, boolean withEdns) {
        Message message = new Message(id);
        message.getHeader().setOpcode(Opcode.QUERY);
        message.getHeader().setFlag(Flags.RD);
        message.addRecord(Record.newRecord(question.name(), question.type(), DClass.IN), Section.QUESTION);
        if (withEdns) {
            message.addRecord(new OPTRecord(UDP_BYTES, 0, 0), Section.ADDITIONAL);
        }
        return message.toWire();
    }

    /**
     * Returns the response to a query, or null if {@code bytes} are none, or one to another: then they are from somebody who
     * guesses, or late.
     */
    static @Nullable Response response(byte[] bytes, int id, Question question) {
        try {
            Message message = new Message(bytes);
            Header header = message.getHeader();
            if (header.getID() != id
                    || !header.getFlag(Flags.QR)
                    || header.getOpcode() != Opcode.QUERY
                    || !isTo(question, message.getSection(Section.QUESTION))) {
                return null;
            }
            return new Response(
                    message.getRcode(),
                    header.getFlag(Flags.TC),
                    message.getSection(Section.ANSWER),
                    message.getSection(Section.AUTHORITY));
        } catch (IOException | RuntimeException malformed) { // it came from a stranger, and may be anything
            return null;
        }
    }

    private static boolean isTo(Question question, List<Record> asked) {
        return asked.size() == 1
                && asked.getFirst().getName().equals(question.name())
                && asked.getFirst().getType() == question.type()
                && asked.getFirst().getDClass() == DClass.IN;
    }
}
