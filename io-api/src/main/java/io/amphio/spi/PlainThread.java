package io.amphio.spi;

/** A thread that runs no task: main, a thread of a library's pool, a virtual thread of somebody else. */
final class PlainThread extends Task {
    private final Thread thread;

    private PlainThread(Thread thread) {
        this.thread = thread;
    }

    static Task adopt() {
        PlainThread adopted = new PlainThread(Thread.currentThread());
        enter(adopted);
        return adopted;
    }

    @Override
    public String name() {
        String name = thread.getName();
        return "thread " + (name.isEmpty() ? "#" + thread.threadId() : name);
    }

    @Override
    public boolean isCancelable() {
        return false;
    }
}
