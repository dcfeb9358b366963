package io.amphio.conformance;

import static io.amphio.conformance.Connection.bytes;
import static io.amphio.conformance.Connection.read;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.tls.ClientAuth;
import io.amphio.tls.Tls;
import io.amphio.tls.TlsOptions;
import io.amphio.tls.TlsStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the handshake of a TLS stream checks, what it says when it fails, and that it then leaves nothing open. */
public abstract class TlsHandshakeConformance extends Conformance {
    /** Fails a handshake and returns what the client says; both ends are closed. */
    private String clientFails(String host, TlsOptions serving, TlsOptions trusting) throws IOException {
        String[] message = new String[1];
        run((io, other) -> {
            try (Connection pair = Connection.open(io, other)) {
                Started<?> serves = Started.start(io, () -> {
                    try {
                        read(io, Tls.server(io, pair.server(), serving));
                    } catch (IOException failed) {
                        assertTrue(failed.getMessage().contains("127.0.0.1:"), failed.getMessage());
                    }
                });
                SSLHandshakeException failed = assertThrows(
                        SSLHandshakeException.class, () -> Tls.client(other, pair.client(), host, trusting));
                assertFalse(pair.client().isOpen());
                serves.await(io);
                String start = "TLS handshake with 127.0.0.1:"
                        + pair.client().remoteAddress().getPort() + " (" + host + "): ";
                assertTrue(failed.getMessage().startsWith(start), failed.getMessage());
                message[0] = failed.getMessage().substring(start.length());
            }
        });
        return message[0];
    }

    // ---------------------------------------------------------------- certificates

    @Test
    void a_certificate_of_another_host_is_refused_unless_the_check_is_off() throws Exception {
        String message = clientFails("wrong.test", TlsPair.serving(), TlsPair.trusting());
        assertTrue(message.startsWith("certificate does not match host ("), message);
        run((io, other) -> {
            try (Connection pair = Connection.open(io, other)) {
                Started<TlsStream> serves = Started.start(io, () -> Tls.server(io, pair.server(), TlsPair.serving()));
                TlsOptions off = TlsPair.trusting().withHostCheck(false);
                try (TlsStream client = Tls.client(other, pair.client(), "wrong.test", off)) {
                    assertTrue(client.isOpen());
                }
                serves.await(io).close();
            }
        });
    }

    @Test
    void a_certificate_that_has_expired_or_that_nobody_vouches_for_is_refused() throws Exception {
        String expired = clientFails("localhost", TlsOptions.of(TlsPair.context("expired")), TlsPair.trusting());
        assertTrue(expired.startsWith("the certificate has expired ("), expired);
        String stranger = clientFails("localhost", TlsOptions.of(TlsPair.context("stranger")), TlsPair.trusting());
        assertTrue(stranger.startsWith("no authority that is trusted here has signed the certificate"), stranger);
    }

    @Test
    void an_address_is_checked_too_and_the_server_chooses_by_the_name() throws Exception {
        run((io, other) -> {
            for (String host : List.of("127.0.0.1", "example.test", "other.test", "localhost.")) {
                try (Connection pair = Connection.open(io, other)) {
                    Started<TlsStream> serves =
                            Started.start(io, () -> Tls.server(io, pair.server(), TlsPair.serving()));
                    try (TlsStream client = Tls.client(other, pair.client(), host, TlsPair.trusting())) {
                        X509Certificate shown =
                                (X509Certificate) client.session().getPeerCertificates()[0];
                        assertEquals(
                                host.equals("other.test") ? "CN=Amphio test other" : "CN=Amphio test server",
                                shown.getSubjectX500Principal().getName());
                        client.writeAll(other, bytes("x"));
                        TlsStream server = serves.await(io);
                        assertEquals("x", read(io, server));
                        assertEquals(
                                host.equals("127.0.0.1") ? "null" : host.replaceAll("\\.$", ""),
                                String.valueOf(server.requestedHost()));
                        server.close();
                    }
                }
            }
        });
    }

    @Test
    void client_certificates_are_wanted_or_needed() throws Exception {
        run((io, other) -> {
            TlsOptions known = TlsOptions.of(TlsPair.context("client"));
            for (ClientAuth auth : List.of(ClientAuth.WANT, ClientAuth.NEED)) {
                TlsOptions asking = TlsPair.serving().withClientAuth(auth);
                try (TlsPair pair = TlsPair.open(io, other, asking, known)) {
                    assertEquals(
                            "CN=Amphio test client",
                            pair.server().session().getPeerPrincipal().getName());
                }
            }
            TlsOptions wanting = TlsPair.serving().withClientAuth(ClientAuth.WANT);
            try (TlsPair pair = TlsPair.open(io, other, wanting, TlsPair.trusting())) {
                assertTrue(pair.server().isOpen());
            }
            // With TLS 1.3 the client is through before the server has looked: it learns of it in its first read.
            try (Connection pair = Connection.open(io, other)) {
                TlsOptions needing = TlsPair.serving().withClientAuth(ClientAuth.NEED);
                Started<?> serves = Started.start(
                        io,
                        () -> assertThrows(SSLHandshakeException.class, () -> Tls.server(io, pair.server(), needing)));
                TlsStream client = Tls.client(other, pair.client(), "localhost", TlsPair.trusting());
                String message = assertThrows(IOException.class, () -> read(other, client))
                        .getMessage();
                assertTrue(message.contains("(localhost): the peer refused, by the alert "), message);
                assertThrows(IOException.class, () -> client.write(other, bytes("x")));
                serves.await(io);
                client.close();
            }
        });
    }

    @Test
    void protocols_that_have_nothing_in_common_are_refused() throws Exception {
        String message = clientFails(
                "localhost",
                TlsPair.serving().withApplicationProtocols("h2"),
                TlsPair.trusting().withApplicationProtocols("http/1.1"));
        assertEquals(
                "the peer refused, by the alert no_application_protocol: it speaks none of the protocols offered",
                message);
    }

    // ---------------------------------------------------------------- peers that fail

    @Test
    void what_is_not_tls_is_refused_by_both_ends() throws Exception {
        run((io, other) -> {
            try (Connection pair = Connection.open(io, other)) {
                pair.client().writeAll(other, bytes("GET / HTTP/1.1\r\n\r\n"));
                String message = assertThrows(
                                SSLHandshakeException.class, () -> Tls.server(io, pair.server(), TlsPair.serving()))
                        .getMessage();
                assertTrue(message.endsWith(": what came is not TLS"), message);
                assertFalse(pair.server().isOpen());
            }
            try (Connection pair = Connection.open(io, other)) {
                pair.server().writeAll(io, bytes("220 mail.test ESMTP\r\n"));
                String message = assertThrows(
                                SSLHandshakeException.class,
                                () -> Tls.client(other, pair.client(), "localhost", TlsPair.trusting()))
                        .getMessage();
                assertTrue(message.endsWith("(localhost): what came is not TLS"), message);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_peer_that_goes_away_in_the_middle_is_named(boolean reset) throws Exception {
        run((io, other) -> {
            try (Connection pair = Connection.open(io, other)) {
                Started<IOException> connects = Started.start(
                        other,
                        () -> assertThrows(
                                SSLHandshakeException.class,
                                () -> Tls.client(other, pair.client(), "localhost", TlsPair.trusting())));
                byte[] some = new byte[50];
                Connection.readFully(io, pair.server(), ByteBuffer.wrap(some));
                if (!reset) {
                    pair.server().shutdownOutput();
                    String message = connects.await(io).getMessage();
                    assertTrue(message.endsWith("(localhost): the peer has closed the connection"), message);
                } else {
                    pair.server().close(); // over what was not read: a reset, which an end may come before
                    String message = connects.await(io).getMessage();
                    assertTrue(
                            message.contains("connection reset")
                                    || message.endsWith("(localhost): the peer has closed the connection"),
                            message);
                }
            }
        });
    }

    @Test
    void a_silent_peer_is_left_at_the_deadline_and_by_a_cancel() throws Exception {
        run((io, other) -> {
            try (Connection pair = Connection.open(io, other)) {
                TlsOptions hasty = TlsPair.trusting().withHandshakeTimeout(Timeout.after(Duration.ofMillis(300)));
                String message = assertThrows(
                                TimedOutException.class, () -> Tls.client(other, pair.client(), "localhost", hasty))
                        .getMessage();
                assertTrue(message.endsWith("(localhost): the deadline passed (after PT0.3S)"), message);
                assertFalse(pair.client().isOpen());
            }
            try (Connection pair = Connection.open(io, other)) {
                Started<?> serves = Started.start(other, () -> Tls.server(other, pair.server(), TlsPair.serving()))
                        .untilWaiting(io);
                assertTrue(serves.endsCanceled(io));
                assertFalse(pair.server().isOpen());
            }
        });
    }

    /** Whatever the cancel hits, the stream is closed, or the handshake is done and the cancel still to come. */
    @Test
    void a_cancel_at_the_kth_step_for_every_k_closes_the_stream() throws Exception {
        run((io, other) -> {
            boolean through = false;
            for (int k = 0; !through; k++) {
                assertTrue(k < 50, "never through");
                try (Connection pair = Connection.open(io, other)) {
                    Started<?> serves = Started.start(io, () -> {
                        try {
                            Tls.server(io, pair.server(), TlsPair.serving()).close();
                        } catch (IOException gone) {
                            // the other end was canceled
                        }
                    });
                    Canceling canceling = new Canceling(pair.client(), k);
                    Started<TlsStream> connects =
                            Started.start(other, () -> Tls.client(other, canceling, "localhost", TlsPair.trusting()));
                    connects.future().waitFor(io, Timeout.after(PATIENCE));
                    through = !canceling.struck;
                    assertEquals(!canceling.struck, pair.client().isOpen(), "step " + k);
                    if (through) {
                        canceling.left = -1; // what follows is no handshake
                        connects.await(io).close();
                        assertTrue(k >= 3, "through after " + k + " steps");
                    }
                    serves.await(io);
                }
            }
        });
    }
}
