package io.amphio.conformance;

import io.amphio.Io;
import io.amphio.net.Stream;
import io.amphio.tls.Tls;
import io.amphio.tls.TlsOptions;
import io.amphio.tls.TlsStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Two ends of a TLS stream, the server's of the first runtime and the client's of the other, and the keys for them. */
record TlsPair(TlsStream client, TlsStream server) implements AutoCloseable {
    static final String HOST = "localhost";
    private static final char[] PASSWORD = "changeit".toCharArray();

    /** Returns the keys and certificates of a file that {@code tls/make} has made. */
    static KeyStore keys(String name) {
        try (InputStream file = TlsPair.class.getResourceAsStream("tls/" + name + ".p12")) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(Objects.requireNonNull(file, name), PASSWORD);
            return keys;
        } catch (IOException | GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** Returns a new context, with a cache of sessions of its own, of the keys named, if any, that trusts the tests' authority. */
    static SSLContext context(@Nullable String name) {
        try {
            return Tls.context(name == null ? null : keys(name), PASSWORD, keys("trusted"));
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }

    static TlsOptions serving() {
        return TlsOptions.of(context("server"));
    }

    static TlsOptions trusting() {
        return TlsOptions.of(context(null));
    }

    static TlsPair open(Io io, Io other) throws IOException {
        return open(io, other, serving(), trusting());
    }

    static TlsPair open(Io io, Io other, TlsOptions serving, TlsOptions trusting) throws IOException {
        Connection pair = Connection.open(io, other);
        return over(io, other, pair.server(), pair.client(), serving, trusting);
    }

    static TlsPair over(Io io, Io other, Stream server, Stream client, TlsOptions serving, TlsOptions trusting)
            throws IOException {
        Started<TlsStream> connecting = Started.start(other, () -> Tls.client(other, client, HOST, trusting));
        TlsStream accepted = Tls.server(io, server, serving);
        return new TlsPair(connecting.await(io), accepted);
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}
