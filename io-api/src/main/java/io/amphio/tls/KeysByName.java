package io.amphio.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's key manager, but that a server takes the key whose certificate is for the name that its client asks for.
 *
 * <p>The JDK's does that only where the engine checks the peer's name, which a server that asks for client certificates cannot have.
 * Where none is for the name, or none is asked for, it chooses.
 */
final class KeysByName extends X509ExtendedKeyManager {
    private static final int DNS_NAME = 2;

    private final X509ExtendedKeyManager keys;

    KeysByName(X509ExtendedKeyManager keys) {
        this.keys = keys;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        String[] aliases = keys.getServerAliases(keyType, issuers);
        if (engine != null && aliases != null && engine.getHandshakeSession() instanceof ExtendedSSLSession session) {
            for (SNIServerName asked : session.getRequestedServerNames()) {
                for (String alias : aliases) {
                    if (asked instanceof SNIHostName name
                            && isFor(name.getAsciiName(), keys.getCertificateChain(alias))) {
                        return alias;
                    }
                }
            }
        }
        return keys.chooseEngineServerAlias(keyType, issuers, engine);
    }

    private static boolean isFor(String name, X509Certificate @Nullable [] chain) {
        if (chain == null) {
            return false;
        }
        try {
            Collection<List<?>> names = chain[0].getSubjectAlternativeNames();
            if (names != null) {
                for (List<?> each : names) {
                    if (each.get(0).equals(DNS_NAME) && matches(name, (String) each.get(1))) {
                        return true;
                    }
                }
            }
            return false;
        } catch (CertificateParsingException unreadable) {
            return false;
        }
    }

    /** Returns whether a certificate's name, which may begin with {@code *.} for any one label, is {@code name}. */
    static boolean matches(String name, String certified) {
        String wanted = name.toLowerCase(Locale.ROOT);
        String given = certified.toLowerCase(Locale.ROOT);
        int dot = wanted.indexOf('.');
        return given.equals(wanted)
                || (given.startsWith("*.") && dot > 0 && given.substring(1).equals(wanted.substring(dot)));
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return keys.chooseEngineClientAlias(keyTypes, issuers, engine);
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return keys.getClientAliases(keyType, issuers);
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return keys.chooseClientAlias(keyTypes, issuers, socket);
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return keys.getServerAliases(keyType, issuers);
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return keys.chooseServerAlias(keyType, issuers, socket);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        return keys.getCertificateChain(alias);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        return keys.getPrivateKey(alias);
    }
}
