package io.amphio.evented.backend.sim;

import io.amphio.evented.backend.Operation;
import io.amphio.spi.files.FileCalls;

/** A file or a directory that is open. What is done with it is done by {@link SimFiles}. */
final class SimFile extends SimDescriptor {
    final SimNode node;
    final String name;
    final boolean readable;
    final boolean writable;
    final boolean appends;
    long position;

    SimFile(SimKernel kernel, SimNode node, String name, boolean readable, boolean writable, boolean appends) {
        super(kernel);
        this.node = node;
        this.name = name;
        this.readable = readable;
        this.writable = writable;
        this.appends = appends;
    }

    @Override
    boolean isReady(Operation operation) {
        return true;
    }

    @Override
    boolean perform(Operation operation) {
        throw new AssertionError(operation.kind() + " on " + this);
    }

    @Override
    public FileCalls fileCalls() {
        return new SimFileCalls(kernel, this);
    }

    @Override
    void closeIt() {}

    @Override
    public String toString() {
        return "file " + name;
    }
}
