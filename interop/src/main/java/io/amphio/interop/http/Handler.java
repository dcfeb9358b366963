package io.amphio.interop.http;

import io.amphio.Io;

/**
 * What answers requests: in a straight line, waiting as it goes.
 *
 * <p><b>Threads:</b> called by a task per connection, by many at once.
 */
@FunctionalInterface
public interface Handler {
    /**
     * Answers one request.
     *
     * <p>It runs under the deadline {@link HttpOptions#requestTimeout}; when that passes, its cancellation points throw and the
     * client gets a 503. A canceled one, as when the server stops, should let {@link io.amphio.CanceledException} pass too.
     *
     * @param io the one the server runs on
     * @param request valid until this returns
     * @throws HttpStatusException for an answer that is an error
     * @throws Exception anything else becomes a 500, and is logged
     */
    Response handle(Io io, Request request) throws Exception;
}
