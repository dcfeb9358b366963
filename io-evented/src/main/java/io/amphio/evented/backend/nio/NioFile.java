package io.amphio.evented.backend.nio;

import io.amphio.evented.backend.Descriptor;
import io.amphio.evented.backend.Failure;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * An open file.
 *
 * @param channel the JDK's
 * @param path what it was opened as, absolute: the JDK tells the status of names only
 * @param key which file that was then; null where the system tells of none
 */
record NioFile(FileChannel channel, Path path, @Nullable Object key) implements Descriptor {
    @Override
    public void close() throws Failure {
        try {
            channel.close();
        } catch (IOException e) {
            throw NioErrors.failure(e);
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
