package io.amphio.evented.backend;

/**
 * The two ends of a pipe.
 *
 * @param source to receive from
 * @param sink to send to
 */
public record PipeEnds(Descriptor source, Descriptor sink) {}
