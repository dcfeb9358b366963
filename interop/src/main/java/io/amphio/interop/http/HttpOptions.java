package io.amphio.interop.http;

import java.time.Duration;
import java.util.Objects;

/**
 * Limits of an {@link HttpServer}. Each has a default that is fit for a small service.
 *
 * @param headLimitBytes how long request line and headers may be together, at least 256; beyond, the client gets a 431
 * @param bodyLimitBytes how long the body of a request may be, zero or more; beyond, the client gets a 413
 * @param connectionLimit how many connections may be open, at least 1; further ones get a 503
 * @param idleTimeout how long a connection may wait for its next request before it is closed
 * @param headTimeout how long a head may take to arrive from its first byte on; then a 408. A body that the handler has not read
 *     gets that long too
 * @param requestTimeout how long a handler may take, reading the body included; then a 503, or a 408 if it was the client who kept
 *     it waiting
 * @param writeTimeout how long a client may take to read one response before its connection is closed
 * @param drainTimeout how long requests in flight have to finish when the server stops; then they are canceled
 * @param errors what responses to errors look like
 */
public record HttpOptions(
        int headLimitBytes,
        int bodyLimitBytes,
        int connectionLimit,
        Duration idleTimeout,
        Duration headTimeout,
        Duration requestTimeout,
        Duration writeTimeout,
        Duration drainTimeout,
        Errors errors) {
    /** 16 KiB of head, 1 MiB of body, 10,000 connections; 60 s idle, 10 s head, 30 s request and write, 5 s drain; plain text. */
    public static final HttpOptions DEFAULT = new HttpOptions(
            16 << 10,
            1 << 20,
            10_000,
            Duration.ofSeconds(60),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(30),
            Duration.ofSeconds(5),
            (status, message) -> Response.text(status, message + "\n"));

    /** Makes the response to an error. */
    @FunctionalInterface
    public interface Errors {
        /**
         * Returns the response; must not wait.
         *
         * @param status 400 to 599
         * @param message for the client to read
         */
        Response respond(int status, String message);
    }

    /** Checks the limits. */
    public HttpOptions {
        requireAtLeast("headLimitBytes", headLimitBytes, 256);
        requireAtLeast("bodyLimitBytes", bodyLimitBytes, 0);
        requireAtLeast("connectionLimit", connectionLimit, 1);
        requirePositive("idleTimeout", idleTimeout);
        requirePositive("headTimeout", headTimeout);
        requirePositive("requestTimeout", requestTimeout);
        requirePositive("writeTimeout", writeTimeout);
        if (drainTimeout.isNegative()) {
            throw new IllegalArgumentException("drainTimeout below zero: " + drainTimeout);
        }
        Objects.requireNonNull(errors, "errors");
    }

    private static void requireAtLeast(String name, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " below " + least + ": " + value);
        }
    }

    private static void requirePositive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " that is not above zero: " + value);
        }
    }

    /** Returns these options with another limit for heads. */
    public HttpOptions withHeadLimitBytes(int limit) {
        return new HttpOptions(
                limit,
                bodyLimitBytes,
                connectionLimit,
                idleTimeout,
                headTimeout,
                requestTimeout,
                writeTimeout,
                drainTimeout,
                errors);
    }

    /** Returns these options with another limit for bodies. */
    public HttpOptions withBodyLimitBytes(int limit) {
        return new HttpOptions(
                headLimitBytes,
                limit,
                connectionLimit,
                idleTimeout,
                headTimeout,
                requestTimeout,
                writeTimeout,
                drainTimeout,
                errors);
    }

    /** Returns these options with another limit for connections. */
    public HttpOptions withConnectionLimit(int limit) {
        return new HttpOptions(
                headLimitBytes,
                bodyLimitBytes,
                limit,
                idleTimeout,
                headTimeout,
                requestTimeout,
                writeTimeout,
                drainTimeout,
                errors);
    }

    /** Returns these options with another time to wait for the next request. */
    public HttpOptions withIdleTimeout(Duration limit) {
        return new HttpOptions(
                headLimitBytes,
                bodyLimitBytes,
                connectionLimit,
                limit,
                headTimeout,
                requestTimeout,
                writeTimeout,
                drainTimeout,
                errors);
    }

    /** Returns these options with another time for a head to arrive. */
    public HttpOptions withHeadTimeout(Duration limit) {
        return new HttpOptions(
                headLimitBytes,
                bodyLimitBytes,
                connectionLimit,
                idleTimeout,
                limit,
                requestTimeout,
                writeTimeout,
                drainTimeout,
                errors);
    }

    /** Returns these options with another time for a handler. */
    public HttpOptions withRequestTimeout(Duration limit) {
        return new HttpOptions(
                headLimitBytes,
                bodyLimitBytes,
                connectionLimit,
                idleTimeout,
                headTimeout,
                limit,
                writeTimeout,
                drainTimeout,
                errors);
    }

    /** Returns these options with another time for a client to read a response. */
    public HttpOptions withWriteTimeout(Duration limit) {
        return new HttpOptions(
                headLimitBytes,
                bodyLimitBytes,
                connectionLimit,
                idleTimeout,
                headTimeout,
                requestTimeout,
                limit,
                drainTimeout,
                errors);
    }

    /** Returns these options with another time for requests in flight to finish. */
    public HttpOptions withDrainTimeout(Duration limit) {
        return new HttpOptions(
                headLimitBytes,
                bodyLimitBytes,
                connectionLimit,
                idleTimeout,
                headTimeout,
                requestTimeout,
                writeTimeout,
                limit,
                errors);
    }

    /** Returns these options with another look of responses to errors. */
    public HttpOptions withErrors(Errors newErrors) {
        return new HttpOptions(
                headLimitBytes,
                bodyLimitBytes,
                connectionLimit,
                idleTimeout,
                headTimeout,
                requestTimeout,
                writeTimeout,
                drainTimeout,
                newErrors);
    }
}
