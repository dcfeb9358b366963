package io.amphio.interop.libpq;

/**
 * What somebody sent by {@code NOTIFY}.
 *
 * @param channel to which
 * @param payload with what, maybe nothing
 * @param processId of the server process that sent it
 */
public record PgNotification(String channel, String payload, int processId) {}
