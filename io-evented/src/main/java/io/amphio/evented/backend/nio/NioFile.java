package io.amphio.evented.backend.nio;

import io.amphio.evented.backend.Descriptor;
import io.amphio.evented.backend.Failure;
import io.amphio.spi.files.JdkFile;
import java.io.IOException;
import java.nio.channels.FileChannel;

/**
 * An open file.
 *
 * @param channel the JDK's
 * @param fileCalls what else can be asked of it
 */
record NioFile(FileChannel channel, JdkFile fileCalls) implements Descriptor {
    static NioFile of(JdkFile file) {
        return new NioFile(file.channel(), file);
    }

    @Override
    public void close() throws Failure {
        try {
            fileCalls.close();
        } catch (IOException e) {
            throw NioErrors.failure(e);
        }
    }

    @Override
    public String toString() {
        return fileCalls.toString();
    }
}
