package io.amphio.evented.dns;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.net.InetAddress;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

class WireTest {
    private static final Question QUESTION = new Question(Zone.name("example.org"), Type.A);
    private static final int ID = 0x1234;

    private static Message truth() throws Exception {
        return new Zone().address("example.org", "192.0.2.1").answer(new Message(Wire.query(ID, QUESTION, true)));
    }

    @Test
    void a_query_is_what_the_standards_say() {
        byte[] header = HexFormat.of().parseHex("12340100000100000000");
        byte[] question = HexFormat.of().parseHex("076578616d706c65036f72670000010001");
        byte[] plain = Wire.query(ID, QUESTION, false);
        assertArrayEquals(concat(header, new byte[] {0, 0}, question), plain);
        byte[] options = HexFormat.of().parseHex("00002904d0000000000000"); // type 41, 1,232 bytes
        assertArrayEquals(concat(header, new byte[] {0, 1}, question, options), Wire.query(ID, QUESTION, true));
    }

    private static byte[] concat(byte[]... parts) {
        return HexFormat.of()
                .parseHex(java.util.stream.Stream.of(parts)
                        .map(HexFormat.of()::formatHex)
                        .reduce("", String::concat));
    }

    @Test
    void a_response_has_its_addresses() throws Exception {
        Wire.Response response = Wire.response(truth().toWire(), ID, QUESTION);
        assertNotNull(response);
        assertEquals(Rcode.NOERROR, response.rcode());
        assertFalse(response.isTruncated());
        Record only = response.answers().getFirst();
        assertEquals(
                InetAddress.ofLiteral("192.0.2.1"),
                InetAddress.getByAddress(((ARecord) only).getAddress().getAddress()));
    }

    @Test
    void what_is_no_response_to_this_query_is_none() throws Exception {
        byte[] right = truth().toWire();
        assertNull(Wire.response(right, ID + 1, QUESTION), "the id");
        assertNull(Wire.response(right, ID, new Question(Zone.name("example.com"), Type.A)), "the name");
        assertNull(Wire.response(right, ID, new Question(QUESTION.name(), Type.AAAA)), "the type");
        assertNotNull(Wire.response(right, ID, new Question(Zone.name("EXAMPLE.org"), Type.A)), "the case");
        assertNull(Wire.response(Wire.query(ID, QUESTION, true), ID, QUESTION), "a query");
        Message none = truth();
        none.removeAllRecords(Section.QUESTION);
        assertNull(Wire.response(none.toWire(), ID, QUESTION), "without a question");
        Message notify = truth();
        notify.getHeader().setOpcode(4);
        assertNull(Wire.response(notify.toWire(), ID, QUESTION), "another operation");
        Message cut = truth();
        cut.getHeader().setFlag(Flags.TC);
        assertNotNull(Wire.response(cut.toWire(), ID, QUESTION));
    }

    @Test
    void garbage_never_throws_and_is_never_an_answer_to_another_question() throws Exception {
        long seed = Long.getLong("amphio.seed", new Random().nextLong());
        Random random = new Random(seed);
        byte[] right = truth().toWire();
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes;
            if (i % 2 == 0) {
                bytes = new byte[random.nextInt(600)];
                random.nextBytes(bytes);
            } else {
                bytes = java.util.Arrays.copyOf(right, random.nextInt(right.length + 1));
                for (int flips = random.nextInt(4); flips > 0 && bytes.length > 0; flips--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                }
            }
            try {
                Wire.Response response = Wire.response(bytes, ID, QUESTION);
                if (response != null) {
                    response.answers().forEach(Record::getTTL);
                }
            } catch (RuntimeException | Error e) {
                throw new AssertionError(
                        "seed " + seed + ", round " + i + ": " + HexFormat.of().formatHex(bytes), e);
            }
        }
    }
}
