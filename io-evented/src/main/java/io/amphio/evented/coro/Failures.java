package io.amphio.evented.coro;

/** Where an exception goes that has nobody to be thrown to. */
final class Failures {
    private Failures() {}

    static void report(String message, Throwable failure) {
        System.getLogger(Failures.class.getPackageName()).log(System.Logger.Level.ERROR, message, failure);
    }
}
