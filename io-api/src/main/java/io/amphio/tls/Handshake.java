package io.amphio.tls;

import io.amphio.CancelProtection;
import io.amphio.CanceledException;
import io.amphio.Io;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.net.Stream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.concurrent.Callable;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/**
 * The handshake of a TLS stream, by one task.
 *
 * <p>What takes long in it, or may block (keys, signatures, certificates, which may be asked for in the network), the engine hands
 * out as tasks; {@link Io#call} runs them, so that no event loop is held up. From the first step on, each is an ordinary
 * cancellation point.
 */
final class Handshake {
    private final SSLEngine engine;
    private final Inbound inbound;
    private final Outbound outbound;

    private Handshake(SSLEngine engine, Inbound inbound, Outbound outbound) {
        this.engine = engine;
        this.inbound = inbound;
        this.outbound = outbound;
    }

    /** Does the handshake; on a failure, the caller closes {@code transport}. */
    static TlsStream run(Io io, Stream transport, String peer, TlsOptions options, Callable<SSLEngine> maker)
            throws IOException {
        try {
            return io.<TlsStream, IOException>withTimeout(
                    options.handshakeTimeout(), () -> shake(io, transport, peer, options, maker));
        } catch (TimedOutException late) {
            throw new TimedOutException(
                    "TLS handshake with " + peer + ": the deadline passed (" + options.handshakeTimeout() + ")", late);
        } catch (IOException failed) {
            throw TlsErrors.handshake(peer, failed);
        }
    }

    private static TlsStream shake(Io io, Stream transport, String peer, TlsOptions options, Callable<SSLEngine> maker)
            throws IOException {
        SSLEngine engine = io.<SSLEngine, IOException>call(io, () -> begin(maker));
        Inbound inbound = new Inbound(engine, transport);
        Outbound outbound = new Outbound(engine, transport);
        outbound.lane().lock(io);
        try {
            new Handshake(engine, inbound, outbound).toItsEnd(io);
        } catch (SSLException failed) {
            tellWhy(io, outbound);
            throw failed;
        } finally {
            outbound.lane().unlock();
        }
        return new TlsStream(io, transport, peer, options, engine, inbound, outbound);
    }

    private static SSLEngine begin(Callable<SSLEngine> maker) throws IOException {
        try {
            SSLEngine engine = maker.call();
            engine.beginHandshake();
            return engine;
        } catch (GeneralSecurityException noContext) {
            throw new SSLException("there is no default context: " + noContext.getMessage(), noContext);
        } catch (IOException | RuntimeException failed) {
            throw failed;
        } catch (Exception impossible) {
            throw new AssertionError(impossible);
        }
    }

    private void toItsEnd(Io io) throws IOException {
        while (true) {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> runTasks(io);
                case NEED_WRAP -> requireOpen(outbound.encrypt() != Outbound.CLOSED);
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> takeIn(io);
                case FINISHED, NOT_HANDSHAKING -> {
                    outbound.send(io, Timeout.NONE);
                    return;
                }
            }
            if (outbound.isFull()) {
                outbound.send(io, Timeout.NONE);
            }
        }
    }

    private void runTasks(Io io) {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            io.call(io, task::run);
        }
    }

    private void takeIn(Io io) throws IOException {
        SSLEngineResult result = inbound.decrypt();
        switch (result.getStatus()) {
            case CLOSED -> requireOpen(false);
            case BUFFER_UNDERFLOW -> {
                outbound.send(io, Timeout.NONE); // a flight as a whole, and no earlier than we need an answer to it
                requireOpen(inbound.receive(io, Timeout.NONE));
            }
            default -> {
                // the engine says what comes next
            }
        }
    }

    private static void requireOpen(boolean open) throws SSLException {
        if (!open) {
            throw new SSLHandshakeException("the peer has closed the connection");
        }
    }

    /** Sends the alert that the engine has made of its failure, if that can be done at once. Under the lane. */
    private static void tellWhy(Io io, Outbound outbound) {
        CancelProtection before = io.swapCancelProtection(CancelProtection.BLOCKED);
        try {
            outbound.encrypt();
            outbound.send(io, Outbound.NO_WAIT);
        } catch (IOException | CanceledException | TimedOutException late) {
            // The peer learns it by the end of the connection.
        } finally {
            io.swapCancelProtection(before);
        }
    }
}
