package io.amphio.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Fetches from a server that is not ours. */
@ParameterizedClass
@ValueSource(strings = {"blocking", "evented"})
class FetchTest {
    @Parameter
    String io;

    @TempDir
    Path directory;

    private Ran fetch(String... args) {
        Fetch fetch = new Fetch();
        return Ran.run(
                fetch,
                (out, err) -> {
                    fetch.out = out;
                    fetch.err = err;
                },
                Stream.concat(Stream.of("--io", io), Stream.of(args)).toArray(String[]::new));
    }

    private Ran fetchTrusting(String... args) throws Exception {
        Path authority = HttpsPeer.authority(directory);
        return fetch(Stream.concat(Stream.of("--ca", authority.toString()), Stream.of(args))
                .toArray(String[]::new));
    }

    private static void assertRefused(String expected, Ran ran) {
        assertEquals(1, ran.exitCode(), ran.err());
        assertTrue(ran.err().contains(expected), ran.err());
        assertEquals("", ran.out());
    }

    @Test
    void pages_arrive_whole_each_in_its_file() throws Exception {
        Path kept = directory.resolve("kept/here");
        try (HttpsPeer peer = new HttpsPeer("server", "127.0.0.1")) {
            Ran ran = fetchTrusting(
                    "--output",
                    kept.toString(),
                    peer.url("localhost", "/big"),
                    peer.url("localhost", "/a/big"),
                    peer.url("127.0.0.1", "/chunked"),
                    peer.url("localhost", "/away"),
                    peer.url("localhost", "/"));
            assertEquals(0, ran.exitCode(), ran.err());
            assertEquals(
                    5,
                    ran.err()
                            .lines()
                            .filter(line -> line.contains("960000 bytes in"))
                            .count(),
                    ran.err());
        }
        List<String> names = List.of("2-big", "away", "big", "chunked", "index.html");
        try (Stream<Path> files = Files.list(kept)) {
            assertEquals(
                    new TreeSet<>(names),
                    files.map(file -> file.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new)));
        }
        for (String name : names) {
            assertArrayEquals(HttpsPeer.BIG, Files.readAllBytes(kept.resolve(name)), name);
        }
    }

    @Test
    void without_a_directory_they_go_to_stdout_one_after_the_other() throws Exception {
        try (HttpsPeer peer = new HttpsPeer("server", "127.0.0.1")) {
            Ran ran = fetchTrusting(peer.url("localhost", "/chunked"), peer.url("localhost", "/big"));
            assertEquals(0, ran.exitCode(), ran.err());
            assertEquals(new String(HttpsPeer.BIG, StandardCharsets.US_ASCII).repeat(2), ran.out());
        }
    }

    @Test
    void a_certificate_that_nobody_vouches_for_is_refused() throws Exception {
        try (HttpsPeer peer = new HttpsPeer("server", "127.0.0.1");
                HttpsPeer stranger = new HttpsPeer("stranger", "127.0.0.1")) {
            assertRefused("no authority that is trusted here", fetch(peer.url("localhost", "/big")));
            assertRefused("no authority that is trusted here", fetchTrusting(stranger.url("localhost", "/big")));
        }
    }

    @Test
    void a_certificate_of_another_host_is_refused() throws Exception {
        try (HttpsPeer peer = new HttpsPeer("server", "127.0.0.2")) {
            assertRefused("certificate does not match host", fetchTrusting(peer.url("127.0.0.2", "/big")));
        }
    }

    @Test
    void a_certificate_that_has_expired_is_refused() throws Exception {
        try (HttpsPeer peer = new HttpsPeer("expired", "127.0.0.1")) {
            assertRefused("the certificate has expired", fetchTrusting(peer.url("localhost", "/big")));
        }
    }

    @Test
    void what_cannot_be_had_is_told_for_each_and_leaves_no_file() throws Exception {
        Path kept = directory.resolve("kept");
        try (HttpsPeer peer = new HttpsPeer("server", "127.0.0.1")) {
            Ran ran = fetchTrusting(
                    "--output",
                    kept.toString(),
                    peer.url("localhost", "/big"),
                    peer.url("localhost", "/nothing"),
                    peer.url("localhost", "/loop"),
                    peer.url("localhost", "/plain"),
                    peer.url("localhost", "/cut"));
            assertEquals(1, ran.exitCode(), ran.err());
            for (String expected : List.of(
                    "/nothing: 404 Not Found",
                    "/loop: more than 10 redirections",
                    "/plain: redirected to http://127.0.0.1/, which is not followed",
                    "/cut: the server closed the connection in the middle of a body",
                    "/big: 960000 bytes in")) {
                assertTrue(ran.err().contains(expected), ran.err());
            }
        }
        try (Stream<Path> files = Files.list(kept)) {
            assertEquals(List.of(kept.resolve("big")), files.toList());
        }
    }

    @Test
    void one_deadline_is_for_all() throws Exception {
        try (HttpsPeer peer = new HttpsPeer("server", "127.0.0.1")) {
            Ran ran = fetchTrusting(
                    "--timeout=0.4",
                    "--parallel=1", // the second waits for its turn
                    peer.url("localhost", "/silent"),
                    peer.url("localhost", "/silent?again"));
            assertEquals(1, ran.exitCode(), ran.err());
            assertEquals(
                    2,
                    ran.err()
                            .lines()
                            .filter(line -> line.endsWith("not done within 0.4 s"))
                            .count(),
                    ran.err());
        }
    }

    @Test
    void what_is_no_url_or_no_certificate_is_told_before_anything_is_fetched() {
        for (String wrong : List.of("ftp://localhost/", "http:///x", "localhost", "http://[::1")) {
            assertEquals(2, fetch(wrong).exitCode(), wrong);
        }
        assertEquals(
                1,
                fetch("--ca", directory.resolve("none").toString(), "https://localhost/")
                        .exitCode());
    }
}
