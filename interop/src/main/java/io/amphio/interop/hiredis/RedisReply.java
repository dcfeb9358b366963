package io.amphio.interop.hiredis;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * What Redis answered. An error is an answer like any other: {@link #orThrow} is for who does not plan for it.
 *
 * <p><b>Threads:</b> immutable.
 */
public sealed interface RedisReply {
    /** A string of bytes. */
    final class Bulk implements RedisReply {
        private final byte[] bytes;

        Bulk(byte[] bytes) {
            this.bytes = bytes;
        }

        /** Returns a copy of the bytes. */
        public byte[] bytes() {
            return bytes.clone();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Bulk bulk && Arrays.equals(bytes, bulk.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }

        @Override
        public String toString() {
            return "Bulk[" + new String(bytes, StandardCharsets.UTF_8) + "]";
        }
    }

    /**
     * A word such as {@code OK}.
     *
     * @param word which
     */
    record Status(String word) implements RedisReply {}

    /**
     * A whole number.
     *
     * @param value which
     */
    record Whole(long value) implements RedisReply {}

    /** There is no such thing. */
    enum Nil implements RedisReply {
        /** The only one. */
        NIL
    }

    /**
     * Redis refused.
     *
     * @param message what it said, which begins with a word for programs: {@code ERR}, {@code WRONGTYPE}, {@code NOAUTH}
     */
    record Failed(String message) implements RedisReply {}

    /**
     * Several.
     *
     * @param elements in order; each may be anything
     */
    record Many(List<RedisReply> elements) implements RedisReply {
        /** Copies the list. */
        public Many {
            elements = List.copyOf(elements);
        }
    }

    /** Returns whether this is {@link Nil}. */
    default boolean isNil() {
        return this == Nil.NIL;
    }

    /**
     * Returns this, unless Redis refused.
     *
     * @throws RedisException if this is {@link Failed}
     */
    default RedisReply orThrow() throws RedisException {
        if (this instanceof Failed(String message)) {
            throw new RedisException(message);
        }
        return this;
    }

    /**
     * Returns a string or a word as text, read as UTF-8.
     *
     * @throws IllegalStateException if this is neither
     */
    default String text() {
        return switch (this) {
            case Bulk bulk -> new String(bulk.bytes, StandardCharsets.UTF_8);
            case Status(String word) -> word;
            default -> throw new IllegalStateException("the reply is no text: " + this);
        };
    }

    /**
     * Returns the number.
     *
     * @throws IllegalStateException if this is none
     */
    default long number() {
        if (this instanceof Whole(long value)) {
            return value;
        }
        throw new IllegalStateException("the reply is no number: " + this);
    }

    /**
     * Returns the elements.
     *
     * @throws IllegalStateException if this is not {@link Many}
     */
    default List<RedisReply> list() {
        if (this instanceof Many(List<RedisReply> elements)) {
            return elements;
        }
        throw new IllegalStateException("the reply is no list: " + this);
    }
}
