package io.amphio.interop.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What can be known of routes, headers, options and responses without a connection; their work is in HttpMessagesTest. */
class RoutesTest {
    private static final Handler HANDLER = (_, _) -> Response.of(200);

    @Test
    void wrong_patterns_are_refused() {
        Routes routes = new Routes().get("/a/{b}", HANDLER);
        assertThrows(IllegalArgumentException.class, () -> routes.get("a", HANDLER));
        assertThrows(IllegalArgumentException.class, () -> routes.get("/a{b}", HANDLER));
        assertThrows(IllegalArgumentException.class, () -> routes.get("/a/{b}", HANDLER));
        assertThrows(NullPointerException.class, () -> routes.get("/c", null));
    }

    @Test
    void a_header_with_a_line_end_in_it_is_refused() {
        Response response = Response.of(200);
        assertThrows(IllegalArgumentException.class, () -> response.withHeader("X", "a\r\nSet-Cookie: b"));
        assertThrows(IllegalArgumentException.class, () -> response.withHeader("X\r\n", "a"));
        assertThrows(IllegalArgumentException.class, () -> response.withHeader("", "a"));
        assertThrows(IllegalArgumentException.class, () -> response.withHeader("content-length", "3"));
    }

    @Test
    void statuses_have_their_ranges() {
        assertThrows(IllegalArgumentException.class, () -> Response.of(100));
        assertThrows(IllegalArgumentException.class, () -> new HttpStatusException(200, "fine"));
        assertEquals(
                3,
                new HttpStatusException(400, "")
                                .withHeader("a", "b")
                                .withHeader("c", "d")
                                .headers()
                                .size()
                        + 1);
    }

    @Test
    void limits_are_checked() {
        HttpOptions options = HttpOptions.DEFAULT;
        assertThrows(IllegalArgumentException.class, () -> options.withHeadLimitBytes(1));
        assertThrows(IllegalArgumentException.class, () -> options.withBodyLimitBytes(-1));
        assertThrows(IllegalArgumentException.class, () -> options.withConnectionLimit(0));
        assertThrows(IllegalArgumentException.class, () -> options.withIdleTimeout(Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> options.withDrainTimeout(Duration.ofSeconds(-1)));
    }
}
