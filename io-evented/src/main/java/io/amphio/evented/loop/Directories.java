package io.amphio.evented.loop;

import io.amphio.evented.backend.Descriptor;
import io.amphio.spi.files.DirCalls;
import java.io.IOException;
import java.nio.file.Path;

/** Opens directories for calls that wait: on a pool, and not on a loop. */
public final class Directories {
    private Directories() {}

    /**
     * Opens a directory. May wait.
     *
     * @param loop one of those with the backend that will work on what is opened there
     * @param path of it
     * @param confined whether no name may lead out of it
     * @return calls on it
     * @throws IOException what the system says
     * @throws UnsupportedOperationException if it cannot be confined
     */
    @SuppressWarnings("exports") // the package of backends is not exported, and those who can see it are ours
    public static DirCalls<Descriptor> open(EventLoop loop, Path path, boolean confined) throws IOException {
        return loop.provider().openDirectory(path, confined);
    }
}
