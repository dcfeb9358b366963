package io.amphio.interop.hiredis;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/** A command in the bytes that Redis reads. */
final class RespCommand {
    private static final byte[] LINE = {'\r', '\n'};

    /** What would bring answers that nobody asked for, or none: hiredis counts on one for each, and ends the process if not. */
    private static final Map<String, String> REFUSED = Map.of(
            "SUBSCRIBE", "use RedisClient.subscribe",
            "PSUBSCRIBE", "use RedisClient.subscribePatterns",
            "SSUBSCRIBE", "hiredis 0.14 does not know it",
            "UNSUBSCRIBE", "close the RedisSubscription",
            "PUNSUBSCRIBE", "close the RedisSubscription",
            "MONITOR", "it answers without end",
            "HELLO", "hiredis 0.14 speaks only the older protocol",
            "SYNC", "it answers without end",
            "PSYNC", "it answers without end",
            "RESET", "it would log every other task out; open another client");

    private RespCommand() {}

    /**
     * Encodes a command that has one answer.
     *
     * @throws IllegalArgumentException if it has none or many, or an argument is of no kind that we know
     */
    static byte[] of(Object... words) {
        if (words.length == 0) {
            throw new IllegalArgumentException("redis: a command without a word");
        }
        String name = nameOf(words[0]);
        String refusal = REFUSED.get(name);
        if (refusal == null && name.equals("CLIENT") && words.length > 1) {
            String verb = nameOf(words[1]);
            refusal =
                    verb.equals("REPLY") || verb.equals("TRACKING") ? "answers would no longer follow commands" : null;
        }
        if (refusal != null) {
            throw new IllegalArgumentException("redis: " + name + " on a connection that tasks share: " + refusal);
        }
        return encode(words);
    }

    private static String nameOf(Object word) {
        return new String(bytesOf(word), StandardCharsets.UTF_8).toUpperCase(Locale.ROOT);
    }

    static byte[] encode(Object... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(64);
        line(out, '*', words.length);
        for (Object word : words) {
            byte[] bytes = bytesOf(word);
            line(out, '$', bytes.length);
            out.writeBytes(bytes);
            out.writeBytes(LINE);
        }
        return out.toByteArray();
    }

    private static void line(ByteArrayOutputStream out, char kind, int number) {
        out.write(kind);
        out.writeBytes(Integer.toString(number).getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(LINE);
    }

    private static byte[] bytesOf(Object word) {
        return switch (word) {
            case byte[] bytes -> bytes;
            case String text -> text.getBytes(StandardCharsets.UTF_8);
            case Long number -> number.toString().getBytes(StandardCharsets.US_ASCII);
            case Integer number -> number.toString().getBytes(StandardCharsets.US_ASCII);
            default ->
                throw new IllegalArgumentException("redis: an argument is a String, a byte[], an int or a long, not a "
                        + word.getClass().getName());
        };
    }
}
