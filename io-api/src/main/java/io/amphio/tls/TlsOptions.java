package io.amphio.tls;

import io.amphio.Timeout;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * How a TLS stream is made. One object may serve any number of streams at once.
 *
 * @param context keys, trust and the cache of sessions, which connections of one context resume; null is
 *     {@link SSLContext#getDefault}, which trusts what the JDK trusts and has no key
 * @param versions which versions of TLS are allowed ("TLSv1.3", "TLSv1.2"); empty leaves it to the context
 * @param applicationProtocols what is spoken inside, most wanted first (ALPN); empty offers none. If both sides name some and
 *     have none in common, the handshake fails
 * @param hostCheck client only: whether the server's certificate must be one of the host (default). Without it, any certificate
 *     that is trusted will do, whoever's it is
 * @param clientAuth server only: whether clients are asked for a certificate
 * @param handshakeTimeout how long the handshake may take in all
 * @param closeTimeout how long {@link TlsStream#close} may wait until the peer has taken what was written, and the word that this
 *     was all
 * @param parameters sets whatever else the JDK's engine can be told, last: cipher suites, groups, matchers of server names
 */
public record TlsOptions(
        @Nullable SSLContext context,
        List<String> versions,
        List<String> applicationProtocols,
        boolean hostCheck,
        ClientAuth clientAuth,
        Timeout handshakeTimeout,
        Duration closeTimeout,
        Consumer<SSLParameters> parameters) {
    /** The JDK's context, host check on, no client certificates, 30 s for the handshake and 5 s for a close. */
    public static final TlsOptions DEFAULT = new TlsOptions(
            null,
            List.of(),
            List.of(),
            true,
            ClientAuth.NONE,
            Timeout.after(Duration.ofSeconds(30)),
            Duration.ofSeconds(5),
            parameters -> {});

    /** Checks the timeout and copies the lists. */
    public TlsOptions {
        versions = List.copyOf(versions);
        applicationProtocols = List.copyOf(applicationProtocols);
        Objects.requireNonNull(clientAuth, "clientAuth is null");
        Objects.requireNonNull(handshakeTimeout, "handshakeTimeout is null");
        Objects.requireNonNull(parameters, "parameters is null");
        if (closeTimeout.isNegative()) {
            throw new IllegalArgumentException("a close timeout below zero: " + closeTimeout);
        }
    }

    /** Returns the default options with a context of the caller's, as {@link Tls#context} makes one. */
    public static TlsOptions of(SSLContext context) {
        return DEFAULT.withContext(context);
    }

    /** Returns these options with another context. */
    public TlsOptions withContext(SSLContext newContext) {
        Objects.requireNonNull(newContext, "the context is null");
        return new TlsOptions(
                newContext,
                versions,
                applicationProtocols,
                hostCheck,
                clientAuth,
                handshakeTimeout,
                closeTimeout,
                parameters);
    }

    /** Returns these options with other versions of TLS. */
    public TlsOptions withVersions(String... newVersions) {
        return new TlsOptions(
                context,
                List.of(newVersions),
                applicationProtocols,
                hostCheck,
                clientAuth,
                handshakeTimeout,
                closeTimeout,
                parameters);
    }

    /** Returns these options with other application protocols, most wanted first. */
    public TlsOptions withApplicationProtocols(String... newProtocols) {
        return new TlsOptions(
                context,
                versions,
                List.of(newProtocols),
                hostCheck,
                clientAuth,
                handshakeTimeout,
                closeTimeout,
                parameters);
    }

    /** Returns these options with the check of the host on or off. Off, the peer may be anybody with a trusted certificate. */
    public TlsOptions withHostCheck(boolean on) {
        return new TlsOptions(
                context, versions, applicationProtocols, on, clientAuth, handshakeTimeout, closeTimeout, parameters);
    }

    /** Returns these options with another say on client certificates. */
    public TlsOptions withClientAuth(ClientAuth newClientAuth) {
        return new TlsOptions(
                context,
                versions,
                applicationProtocols,
                hostCheck,
                newClientAuth,
                handshakeTimeout,
                closeTimeout,
                parameters);
    }

    /** Returns these options with another limit of the handshake. */
    public TlsOptions withHandshakeTimeout(Timeout newTimeout) {
        return new TlsOptions(
                context, versions, applicationProtocols, hostCheck, clientAuth, newTimeout, closeTimeout, parameters);
    }

    /** Returns these options with another limit of a close; zero tries and does not wait. */
    public TlsOptions withCloseTimeout(Duration newTimeout) {
        return new TlsOptions(
                context,
                versions,
                applicationProtocols,
                hostCheck,
                clientAuth,
                handshakeTimeout,
                newTimeout,
                parameters);
    }

    /** Returns these options with something else set on the engine, after everything that these options say. */
    public TlsOptions withParameters(Consumer<SSLParameters> newParameters) {
        return new TlsOptions(
                context,
                versions,
                applicationProtocols,
                hostCheck,
                clientAuth,
                handshakeTimeout,
                closeTimeout,
                newParameters);
    }
}
