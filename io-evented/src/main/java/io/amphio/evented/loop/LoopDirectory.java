package io.amphio.evented.loop;

import io.amphio.evented.backend.BackendProvider;
import io.amphio.evented.backend.Descriptor;

/** An open directory, which names can be relative to; {@link OpenDirectory} opens one. */
public final class LoopDirectory extends LoopHandle {
    private final String name;

    LoopDirectory(BackendProvider provider, Descriptor descriptor, String name) {
        super(provider, descriptor, new Inside.Crowd());
        this.name = name;
    }

    /**
     * Names something in it.
     *
     * @param below relative to this
     * @return the name
     */
    public FileName name(String below) {
        return new FileName(this, below);
    }

    @Override
    String target() {
        return name;
    }
}
