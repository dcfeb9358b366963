package io.amphio.interop.http;

import java.io.IOException;

/** The client closed the connection, or can be understood no more: there is nobody to answer. */
final class ClientGoneException extends IOException {
    private static final long serialVersionUID = 1;

    ClientGoneException(String message) {
        super(message);
    }
}
