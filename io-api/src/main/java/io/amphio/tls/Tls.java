package io.amphio.tls;

import io.amphio.Io;
import io.amphio.net.Stream;
import java.io.IOException;
import java.net.IDN;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Makes a TLS stream of a stream.
 *
 * <p>Both methods do the handshake, and own the stream from the start: a handshake that fails, is canceled or takes too long closes it.
 *
 * <p>Connections of one {@link SSLContext} to the same host and port resume the session of an earlier one, if both sides allow
 * it; that saves them certificates and a signature.
 */
public final class Tls {
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|.*:.*");

    private Tls() {}

    /**
     * Makes {@code stream} the client's end of a TLS stream, with {@link TlsOptions#DEFAULT}: {@code host} must be what the server's
     * certificate is for, and be vouched for by whom the JDK trusts.
     */
    public static TlsStream client(Io io, Stream stream, String host) throws IOException {
        return client(io, stream, host, TlsOptions.DEFAULT);
    }

    /**
     * Makes {@code stream} the client's end of a TLS stream.
     *
     * <p>Cancellation point; whatever is thrown, {@code stream} is closed.
     *
     * @param io who waits
     * @param stream connected to the server
     * @param host the server's name, which is sent to it (SNI), or its address, which is not; its certificate must be for it
     * @param options how
     * @throws javax.net.ssl.SSLHandshakeException if the handshake failed; the message names peer, host and cause
     * @throws io.amphio.TimedOutException if it took too long
     */
    public static TlsStream client(Io io, Stream stream, String host, TlsOptions options) throws IOException {
        String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        return open(io, stream, host, options, () -> {
            SSLEngine engine = context(options)
                    .createSSLEngine(asciiOf(name), stream.remoteAddress().getPort());
            engine.setUseClientMode(true);
            SSLParameters parameters = parameters(engine, options);
            SNIHostName indicated = indicated(name);
            parameters.setServerNames(indicated == null ? List.of() : List.of(indicated));
            parameters.setEndpointIdentificationAlgorithm(options.hostCheck() ? "HTTPS" : null);
            options.parameters().accept(parameters);
            engine.setSSLParameters(parameters);
            return engine;
        });
    }

    /**
     * Makes {@code stream} the server's end of a TLS stream.
     *
     * <p>Which certificate a client gets is decided by the key manager of the context; that of {@link #context} takes one for the
     * name that the client has asked for ({@link TlsStream#requestedHost}).
     *
     * <p>Cancellation point; whatever is thrown, {@code stream} is closed.
     *
     * @param io who waits
     * @param stream connected to a client
     * @param options how, with a context that has a key
     * @throws javax.net.ssl.SSLHandshakeException if the handshake failed; the message names peer and cause
     * @throws io.amphio.TimedOutException if it took too long
     */
    public static TlsStream server(Io io, Stream stream, TlsOptions options) throws IOException {
        return open(io, stream, null, options, () -> {
            InetSocketAddress peer = stream.remoteAddress();
            SSLEngine engine =
                    context(options).createSSLEngine(peer.getAddress().getHostAddress(), peer.getPort());
            engine.setUseClientMode(false);
            SSLParameters parameters = parameters(engine, options);
            switch (options.clientAuth()) {
                case NONE -> parameters.setWantClientAuth(false);
                case WANT -> parameters.setWantClientAuth(true);
                case NEED -> parameters.setNeedClientAuth(true);
            }
            options.parameters().accept(parameters);
            engine.setSSLParameters(parameters);
            return engine;
        });
    }

    /** Makes {@code stream} the server's end of a TLS stream, with the default options but for {@code context}. */
    public static TlsStream server(Io io, Stream stream, SSLContext context) throws IOException {
        return server(io, stream, TlsOptions.of(context));
    }

    /**
     * Returns a context of keys and trust. Reads no file; does not wait.
     *
     * @param keys private keys with their certificates, of which a server takes one for the name that it is asked for; null for none
     * @param password of the keys
     * @param trusted certificates of the authorities to trust; null for those that the JDK trusts
     * @throws GeneralSecurityException if the password is wrong, or the JDK can make nothing of a key
     */
    public static SSLContext context(@Nullable KeyStore keys, char[] password, @Nullable KeyStore trusted)
            throws GeneralSecurityException {
        KeyManager[] keyManagers = null;
        if (keys != null) {
            KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
            factory.init(keys, password);
            keyManagers = factory.getKeyManagers();
            for (int i = 0; i < keyManagers.length; i++) {
                if (keyManagers[i] instanceof X509ExtendedKeyManager jdks) {
                    keyManagers[i] = new KeysByName(jdks);
                }
            }
        }
        TrustManager[] trustManagers = null;
        if (trusted != null) {
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(trusted);
            trustManagers = factory.getTrustManagers();
        }
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keyManagers, trustManagers, null);
        return context;
    }

    // ---------------------------------------------------------------- engines

    /** Makes an engine: on a thread that may block, as the first one loads much of the JDK, and files of certificates. */
    private interface EngineMaker {
        SSLEngine make() throws GeneralSecurityException;
    }

    private static TlsStream open(Io io, Stream stream, @Nullable String host, TlsOptions options, EngineMaker maker)
            throws IOException {
        Objects.requireNonNull(options, "the options are null");
        String peer = TlsErrors.peer(stream.remoteAddress(), host);
        boolean done = false;
        try {
            TlsStream secured = Handshake.run(io, stream, peer, options, maker::make);
            done = true;
            return secured;
        } finally {
            if (!done) {
                stream.close();
            }
        }
    }

    private static SSLContext context(TlsOptions options) throws GeneralSecurityException {
        SSLContext context = options.context();
        return context == null ? SSLContext.getDefault() : context;
    }

    private static SSLParameters parameters(SSLEngine engine, TlsOptions options) {
        SSLParameters parameters = engine.getSSLParameters();
        if (!options.versions().isEmpty()) {
            parameters.setProtocols(options.versions().toArray(String[]::new));
        }
        parameters.setApplicationProtocols(options.applicationProtocols().toArray(String[]::new));
        return parameters;
    }

    // ---------------------------------------------------------------- names

    private static String asciiOf(String name) {
        return ADDRESS.matcher(name).matches() ? name : IDN.toASCII(name, IDN.ALLOW_UNASSIGNED);
    }

    /** Returns what to send as the server's name; null for an address and for what is no name to TLS. */
    private static @Nullable SNIHostName indicated(String name) {
        if (ADDRESS.matcher(name).matches()) {
            return null;
        }
        try {
            return new SNIHostName(name);
        } catch (
                IllegalArgumentException
                        noName) { // an underscore, say: certificates may have it, TLS has no way to ask for it
            return null;
        }
    }
}
