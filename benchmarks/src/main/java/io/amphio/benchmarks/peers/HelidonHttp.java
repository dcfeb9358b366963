package io.amphio.benchmarks.peers;

import io.amphio.benchmarks.Arguments;
import io.helidon.webserver.WebServer;

/** Helidon SE: {@code GET /ping} on virtual threads. */
public final class HelidonHttp {
    private HelidonHttp() {}

    /** Serves until it is killed. */
    public static void main(String[] args) {
        WebServer server = WebServer.builder()
                .host("127.0.0.1")
                .port(Arguments.of(args).getInt("port", 0))
                .routing(routing -> routing.get("/ping", (request, response) -> response.send("pong")))
                .build()
                .start();
        System.out.println("ready port=" + server.port());
        System.out.flush();
    }
}
