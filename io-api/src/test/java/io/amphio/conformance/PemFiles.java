package io.amphio.conformance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.List;

/** The tests' keys and certificates in the form in which programs in C take them. */
record PemFiles(Path folder) {
    private static final char[] PASSWORD = "changeit".toCharArray();

    /** Returns the file of the authority that the tests trust. */
    String authority() {
        return write("authority.pem", TlsPair.keys("trusted"), "authority", false);
    }

    /** Returns the file of the chain of certificates of {@code alias} in the store of that name. */
    String chain(String store, String alias) {
        return write(alias + ".pem", TlsPair.keys(store), alias, false);
    }

    /** Returns the file of the private key of {@code alias} in the store of that name. */
    String key(String store, String alias) {
        return write(alias + ".key", TlsPair.keys(store), alias, true);
    }

    private String write(String file, KeyStore keys, String alias, boolean isKey) {
        StringBuilder text = new StringBuilder();
        try {
            if (isKey) {
                Key key = keys.getKey(alias, PASSWORD);
                append(text, "PRIVATE KEY", key.getEncoded());
            } else {
                Certificate[] chain = keys.getCertificateChain(alias);
                for (Certificate each : chain == null ? List.of(keys.getCertificate(alias)) : List.of(chain)) {
                    append(text, "CERTIFICATE", each.getEncoded());
                }
            }
            return Files.writeString(folder.resolve(file), text).toString();
        } catch (GeneralSecurityException | IOException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static void append(StringBuilder text, String what, byte[] bytes) {
        text.append("-----BEGIN ").append(what).append("-----\n");
        text.append(Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(bytes));
        text.append("\n-----END ").append(what).append("-----\n");
    }
}
