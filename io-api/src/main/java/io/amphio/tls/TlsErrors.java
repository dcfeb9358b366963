package io.amphio.tls;

import io.amphio.spi.NetErrors;
import java.io.IOException;
import java.net.SocketAddress;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/** What the messages of failures say: the peer, its name, and in plain words the cause that the JDK hides in theirs. */
final class TlsErrors {
    private static final Pattern ALERT = Pattern.compile("Received fatal alert: (\\w+)");

    private TlsErrors() {}

    /** Names the peer of a stream: {@code 127.0.0.1:443 (example.test)}. */
    static String peer(SocketAddress address, @Nullable String host) {
        return NetErrors.text(address) + (host == null ? "" : " (" + host + ")");
    }

    /** The handshake failed. */
    static SSLHandshakeException handshake(String peer, IOException failure) {
        return new SSLHandshakeException("TLS handshake with " + peer + ": " + why(failure), failure);
    }

    /** TLS failed in a read or a write. */
    static SSLException broken(String operation, String peer, SSLException failure) {
        return new SSLException(operation + " " + peer + ": " + why(failure), failure);
    }

    /** The peer wants to negotiate anew. */
    static SSLException renegotiation() {
        return new SSLException(
                "the peer wants to negotiate TLS 1.2 anew, which is not supported; TLS 1.3 needs no such thing");
    }

    private static String why(IOException failure) {
        CertificateException hostless = null;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = Objects.requireNonNullElse(cause.getMessage(), "");
            if (cause instanceof CertificateExpiredException) {
                return "the certificate has expired (" + message + ")";
            }
            if (cause instanceof CertificateNotYetValidException) {
                return "the certificate is not valid yet (" + message + ")";
            }
            if (cause instanceof CertPathBuilderException) {
                return "no authority that is trusted here has signed the certificate (" + message + ")";
            }
            if (cause instanceof CertificateException certificate
                    && (message.contains("No name matching") || message.contains("No subject alternative"))) {
                hostless = certificate;
            }
        }
        return hostless == null
                ? byMessage(failure)
                : "certificate does not match host (" + hostless.getMessage() + ")";
    }

    private static String byMessage(IOException failure) {
        String message = String.valueOf(failure.getMessage());
        Matcher alert = ALERT.matcher(message);
        if (alert.find()) {
            String name = alert.group(1);
            return "the peer refused, by the alert " + name
                    + (name.equals("no_application_protocol") ? ": it speaks none of the protocols offered" : "");
        }
        if (message.toLowerCase(Locale.ROOT).contains("unrecognized ssl message")) {
            return "what came is not TLS";
        }
        return message;
    }
}
