package io.amphio.process;

/** The signals that this process gets, as something to wait for. They are those of the whole JVM, whichever {@code Io} is asked. */
public interface Signals {
    /**
     * From now on takes the signals named, in place of what they did before: a subscription to INT or TERM also keeps them from
     * canceling the main task ({@link io.amphio.IoRuntime#run}). Each subscription gets each signal; when the last of a signal is
     * closed, that does again what it did before. Never waits.
     *
     * @param first a signal
     * @param more further signals
     * @return what receives them; close it
     * @throws UnsupportedOperationException if one cannot be taken, saying why; nothing is subscribed to then. Never: KILL and
     *     STOP, which no process can; those that the VM uses (QUIT, SEGV, PIPE, ...); CHLD, as the JDK reaps children: wait
     *     for {@link Child#exit}
     */
    SignalSubscription subscribe(Signal first, Signal... more);
}
