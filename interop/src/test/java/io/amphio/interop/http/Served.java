package io.amphio.interop.http;

import io.amphio.CanceledException;
import io.amphio.Future;
import io.amphio.Io;
import io.amphio.IoOptions;
import io.amphio.IoRuntime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A server that runs in a runtime of its own. */
final class Served implements AutoCloseable {
    private final IoRuntime runtime;
    private final HttpServer server;
    final Future<@Nullable Void> serving;

    Served(String io, Handler handler, HttpOptions options) throws IOException {
        runtime = IoRuntime.open(IoOptions.of(io));
        server = HttpServer.listen(
                runtime.io(), new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), handler, options);
        serving = runtime.io().concurrent(() -> server.serve(runtime.io())).get();
    }

    Io io() {
        return runtime.io();
    }

    HttpServer server() {
        return server;
    }

    InetSocketAddress address() {
        return server.localAddress();
    }

    String url(String path) {
        return "http://127.0.0.1:" + address().getPort() + path;
    }

    RawClient connect() throws IOException {
        return new RawClient(address());
    }

    /** Cancels the server's task, as a signal does, without waiting. */
    void stop() {
        serving.requestCancel();
    }

    @Override
    public void close() {
        try {
            serving.cancel(runtime.io()).onFailure(failure -> {
                if (!(failure instanceof CanceledException) && !(failure instanceof io.amphio.TaskCanceledException)) {
                    throw new AssertionError("the server failed", failure);
                }
            });
        } finally {
            runtime.close(Duration.ofSeconds(5));
        }
    }
}
