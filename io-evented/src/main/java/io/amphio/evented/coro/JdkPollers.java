package io.amphio.evented.coro;

/**
 * Starts the JDK's socket pollers before the first coroutine of ours runs.
 *
 * <p>{@code sun.nio.ch.Poller} makes virtual threads in its static initializer, and a virtual thread made on a virtual
 * thread inherits that one's scheduler. If the first blocking JDK socket call of the process happened inside a coroutine,
 * the pollers of the whole JVM would run on our carriers for ever, and all JDK socket I/O on virtual threads would stall
 * once those stop. So the class is initialised here, from a fresh platform thread: the caller may itself be virtual. It
 * needs no opened package.
 */
final class JdkPollers {
    static {
        Thread thread = Thread.ofPlatform().daemon().name("amphio-jdk-pollers").unstarted(new Initializer());
        thread.start();
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private JdkPollers() {}

    /** Returns once the pollers run; the work is this class's own initialisation, so it happens once. */
    static void ready() {}

    /** A class of its own: a lambda would be a method of the outer class, which is locked while it initialises. */
    private static final class Initializer implements Runnable {
        @Override
        public void run() {
            try {
                Class.forName("sun.nio.ch.Poller", true, null);
            } catch (ClassNotFoundException | LinkageError e) {
                System.getLogger(JdkPollers.class.getName())
                        .log(
                                System.Logger.Level.WARNING,
                                "the JDK's socket pollers could not be started early; blocking JDK sockets used inside a"
                                        + " coroutine may stall when its scheduler closes",
                                e);
            }
        }
    }
}
