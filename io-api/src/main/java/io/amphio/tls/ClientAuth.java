package io.amphio.tls;

/** Whether a server asks its clients for a certificate. */
public enum ClientAuth {
    /** It does not ask. */
    NONE,
    /** It asks, and takes a client without one. A certificate that it does not trust fails the handshake. */
    WANT,
    /** It asks, and fails the handshake with a client that has none it trusts. */
    NEED
}
