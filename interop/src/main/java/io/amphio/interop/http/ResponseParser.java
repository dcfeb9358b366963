package io.amphio.interop.http;

import io.amphio.Io;
import io.amphio.stream.EndOfStreamException;
import io.amphio.stream.Reader;
import java.io.IOException;
import org.eclipse.jetty.http.HttpException;

/** Parses the response of a server; what is wrong with it is an {@link IOException}. */
final class ResponseParser extends MessageParser {
    private static final int INTERIM_LIMIT = 100;

    ResponseParser(Reader reader, int headLimitBytes) {
        super(reader, headLimitBytes, false);
    }

    /** Reads the head of the final response, past interim ones (as 103) that come before. */
    void readHead(Io io) throws IOException {
        for (int i = 0; i < INTERIM_LIMIT; i++) {
            if (!parseHead(io)) {
                throw new EndOfStreamException("the server closed the connection before it had answered");
            }
            completeIfBodyless();
            if (events.status >= 200) {
                return;
            }
        }
        throw new IOException("the server answered with " + INTERIM_LIMIT + " interim responses, and no final one");
    }

    @Override
    void throwTooLong() throws IOException {
        throw new IOException("the head of the response is longer than " + headLimitBytes() + " bytes");
    }

    @Override
    void throwCutOff() throws IOException {
        throw new EndOfStreamException("the server closed the connection in the middle of a body");
    }

    @Override
    void throwMalformed(HttpException bad) throws IOException {
        throw new IOException("the response is malformed: " + bad.getReason(), (Throwable) bad);
    }
}
