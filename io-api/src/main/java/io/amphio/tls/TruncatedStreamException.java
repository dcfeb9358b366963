package io.amphio.tls;

import javax.net.ssl.SSLException;

/**
 * The connection under a TLS stream ended, and the peer had not said that it would: bytes may be missing, by an accident or by
 * somebody between who cut them off. What was read before is as the peer sent it.
 *
 * <p>Some old servers never say it. Who speaks a protocol that tells by itself where its messages end may take this for the end.
 */
public final class TruncatedStreamException extends SSLException {
    private static final long serialVersionUID = 1;

    /**
     * Creates the exception.
     *
     * @param message what was read, from whom, and what was missing
     */
    public TruncatedStreamException(String message) {
        super(message);
    }
}
