package io.amphio.examples;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Whom to trust besides those that the JDK trusts. */
final class Trust {
    private Trust() {}

    /** Returns what the JDK trusts, and some certificates. */
    static KeyStore withAdded(byte[] pem) throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        TrustManagerFactory jdk = TrustManagerFactory.getInstance("PKIX");
        jdk.init((KeyStore) null);
        List<Certificate> all = new ArrayList<>(
                CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem)));
        if (all.isEmpty()) {
            throw new GeneralSecurityException("there is no certificate in it");
        }
        for (TrustManager manager : jdk.getTrustManagers()) {
            if (manager instanceof X509TrustManager x509) {
                all.addAll(List.of(x509.getAcceptedIssuers()));
            }
        }
        for (int i = 0; i < all.size(); i++) {
            trusted.setCertificateEntry("trusted" + i, all.get(i));
        }
        return trusted;
    }
}
