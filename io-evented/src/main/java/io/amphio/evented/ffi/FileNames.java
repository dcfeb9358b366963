package io.amphio.evented.ffi;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * File names as the kernel has them: bytes with a zero at the end. In the character set in which the JDK has them too, but UTF-8
 * where that is ASCII only, as in a locale called C.
 */
public final class FileNames {
    private static final Charset CHARSET = charset(System.getProperty("sun.jnu.encoding", "UTF-8"));

    private FileNames() {}

    private static Charset charset(String name) {
        Charset charset = Charset.isSupported(name) ? Charset.forName(name) : StandardCharsets.UTF_8;
        return charset.equals(StandardCharsets.US_ASCII) ? StandardCharsets.UTF_8 : charset;
    }

    /**
     * Encodes a name.
     *
     * @param name without a zero in it
     * @return its bytes and a zero; null if it cannot be a name
     */
    public static byte @Nullable [] encode(String name) {
        if (name.indexOf('\0') >= 0) {
            return null;
        }
        try {
            ByteBuffer bytes = CHARSET.newEncoder().encode(CharBuffer.wrap(name));
            byte[] result = new byte[bytes.remaining() + 1];
            bytes.get(result, 0, bytes.remaining());
            return result;
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /**
     * Decodes a name.
     *
     * @param bytes without a final zero
     * @return the name
     */
    public static String decode(byte[] bytes) {
        return new String(bytes, CHARSET);
    }
}
