package io.amphio.evented.backend.sim;

import io.amphio.evented.backend.Failure;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds what a name stands for, component by component, as a kernel does. */
final class SimPaths {
    private static final int MOST_LINKS = 40;
    private static final int LONGEST_COMPONENT = 255;

    private final SimNode.Directory root;

    SimPaths(SimNode.Directory root) {
        this.root = root;
    }

    /**
     * A place for a name.
     *
     * @param directory in which it is
     * @param name its last component; {@code .} for the directory itself
     * @param node what is there, or null
     */
    record Found(
            SimNode.Directory directory,
            String name,
            @Nullable SimNode node) {
        SimNode there() throws Failure {
            if (node == null) {
                throw failure("no such file or directory", "ENOENT");
            }
            return node;
        }
    }

    /**
     * Finds a name.
     *
     * @param from what it is relative to; null for the root
     * @param path the name
     * @param followLast whether a symbolic link at its end stands for what it says
     * @param beneath whether it has to stay below {@code from}
     */
    Found find(SimNode.@Nullable Directory from, String path, boolean followLast, boolean beneath) throws Failure {
        SimNode.Directory top = from != null ? from : root;
        if (path.isEmpty()) {
            throw failure("no such file or directory", "ENOENT");
        }
        ArrayDeque<String> left = new ArrayDeque<>(components(path));
        SimNode.Directory current = start(top, path, beneath);
        Found found = new Found(current, ".", current);
        int links = 0;
        while (!left.isEmpty()) {
            String name = left.removeFirst();
            found = step(current, name, top, beneath);
            if (found.node instanceof SimNode.Link link && (followLast || !left.isEmpty())) {
                if (++links > MOST_LINKS) {
                    throw failure("too many levels of symbolic links", "ELOOP");
                }
                List<String> inserted = components(link.target);
                for (int i = inserted.size() - 1; i >= 0; i--) {
                    left.addFirst(inserted.get(i));
                }
                current = start(current, link.target, beneath);
                found = new Found(current, ".", current);
            } else if (!left.isEmpty()) {
                current = directory(found.there());
            }
        }
        return found;
    }

    private SimNode.Directory start(SimNode.Directory relative, String path, boolean beneath) throws Failure {
        if (!path.startsWith("/")) {
            return relative;
        }
        if (beneath) {
            throw failure("the name leads out of its directory", "EXDEV");
        }
        return root;
    }

    private static Found step(SimNode.Directory current, String name, SimNode.Directory top, boolean beneath)
            throws Failure {
        if (name.length() > LONGEST_COMPONENT) {
            throw failure("file name too long", "ENAMETOOLONG");
        }
        if (name.equals("..")) {
            if (beneath && current == top) {
                throw failure("the name leads out of its directory", "EXDEV");
            }
            return new Found(current.parent, ".", current.parent);
        }
        return new Found(current, name, current.entries.get(name));
    }

    private static List<String> components(String path) {
        return Arrays.stream(path.split("/"))
                .filter(component -> !component.isEmpty() && !component.equals("."))
                .toList();
    }

    static SimNode.Directory directory(SimNode node) throws Failure {
        if (node instanceof SimNode.Directory directory) {
            return directory;
        }
        throw failure("not a directory", "ENOTDIR");
    }

    static Failure failure(String text, String errno) {
        return new Failure(text, errno, null);
    }
}
