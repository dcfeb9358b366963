package io.amphio.interop.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a request is for: the path, as it came and in decoded segments, and the query.
 *
 * @param path as it came, percent signs and all
 * @param segments what is between the slashes, decoded; none for {@code *}, one that is empty for {@code /}
 * @param query names and values, decoded, in order
 */
record Target(String path, List<String> segments, Map<String, List<String>> query) {
    /**
     * Takes the target of a request line apart.
     *
     * @throws HttpStatusException 400, if it is malformed
     */
    static Target parse(String raw) {
        if ("*".equals(raw)) {
            return new Target(raw, List.of(), Map.of());
        }
        String origin = originForm(raw);
        int fragment = origin.indexOf('#');
        if (fragment >= 0) {
            throw bad("a fragment in the target");
        }
        int mark = origin.indexOf('?');
        String path = mark < 0 ? origin : origin.substring(0, mark);
        List<String> segments = new ArrayList<>();
        for (String segment : path.substring(1).split("/", -1)) {
            segments.add(decode(segment, false));
        }
        return new Target(path, List.copyOf(segments), mark < 0 ? Map.of() : parseQuery(origin.substring(mark + 1)));
    }

    /** Cuts scheme and authority off an absolute target: every server has to understand those. */
    private static String originForm(String raw) {
        if (raw.startsWith("/")) {
            return raw;
        }
        String lower = raw.toLowerCase(Locale.ROOT);
        int authority = lower.startsWith("http://") ? 7 : lower.startsWith("https://") ? 8 : -1;
        if (authority < 0) {
            throw bad("the target is neither a path nor an http URL");
        }
        for (int i = authority; i < raw.length(); i++) {
            if (raw.charAt(i) == '/') {
                return raw.substring(i);
            }
            if (raw.charAt(i) == '?') {
                return "/" + raw.substring(i);
            }
        }
        return "/";
    }

    private static Map<String, List<String>> parseQuery(String text) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        for (String pair : text.split("&", -1)) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = decode(equals < 0 ? pair : pair.substring(0, equals), true);
                String value = equals < 0 ? "" : decode(pair.substring(equals + 1), true);
                query.computeIfAbsent(name, _ -> new ArrayList<>(1)).add(value);
            }
        }
        return query;
    }

    private static String decode(String text, boolean plusIsSpace) {
        if (text.indexOf('%') < 0 && (!plusIsSpace || text.indexOf('+') < 0)) {
            return text;
        }
        byte[] raw = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(raw.length);
        for (int i = 0; i < raw.length; i++) {
            if (raw[i] == '%') {
                int high = i + 2 < raw.length ? Character.digit(raw[i + 1], 16) : -1;
                int low = i + 2 < raw.length ? Character.digit(raw[i + 2], 16) : -1;
                if (high < 0 || low < 0) {
                    throw bad("a percent sign without two hexadecimal digits in the target");
                }
                bytes.put((byte) (high << 4 | low));
                i += 2;
            } else {
                bytes.put(plusIsSpace && raw[i] == '+' ? (byte) ' ' : raw[i]);
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException malformed) {
            throw bad("the target is not UTF-8");
        }
    }

    private static HttpStatusException bad(String what) {
        return new HttpStatusException(400, "Bad request: " + what);
    }
}
