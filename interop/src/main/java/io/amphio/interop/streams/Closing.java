package io.amphio.interop.streams;

import java.io.IOException;

/** Closes what can be closed. */
final class Closing {
    private Closing() {}

    static void close(Object what) throws IOException {
        if (what instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (IOException | RuntimeException failed) {
                throw failed;
            } catch (Exception failed) {
                throw new IOException("close of " + what + ": " + failed.getMessage(), failed);
            }
        }
    }
}
