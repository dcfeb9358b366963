package io.amphio.examples;

import io.amphio.Io;
import io.amphio.interop.http.ClientResponse;
import io.amphio.interop.http.HttpHeader;
import io.amphio.net.HostName;
import io.amphio.net.Stream;
import io.amphio.tls.Tls;
import io.amphio.tls.TlsOptions;
import java.io.IOException;
import java.net.URI;
import java.util.Set;

/**
 * What a URL leads to, past redirections: a connection, and the response that comes by it.
 *
 * @param stream is closed with the page
 * @param response whose body is still to be read
 */
record Page(Stream stream, ClientResponse response) implements AutoCloseable {
    private static final int MOST_REDIRECTS = 10;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final HttpHeader AGENT = new HttpHeader("User-Agent", "amphio-fetch");
    private static final HttpHeader PLAIN = new HttpHeader("Accept-Encoding", "identity");

    static boolean isHttp(URI uri) {
        return uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()));
    }

    /** Asks for a page; anything but a 200 in the end is an {@link IOException}. */
    static Page open(Io io, URI uri, TlsOptions tls) throws IOException {
        URI next = uri;
        for (int i = 0; i <= MOST_REDIRECTS; i++) {
            Page page = ask(io, next, tls);
            ClientResponse response = page.response;
            if (response.status() == 200) {
                return page;
            }
            page.close();
            String location = response.header("Location");
            if (!REDIRECTS.contains(response.status()) || location == null) {
                throw new IOException(response.toString());
            }
            next = redirected(next, location);
        }
        throw new IOException("more than " + MOST_REDIRECTS + " redirections, the last to " + next);
    }

    private static Page ask(Io io, URI uri, TlsOptions tls) throws IOException {
        Stream stream = connect(io, uri, tls);
        boolean done = false;
        try {
            Page page = new Page(stream, ClientResponse.get(io, stream, uri, AGENT, PLAIN));
            done = true;
            return page;
        } finally {
            if (!done) {
                stream.close();
            }
        }
    }

    private static URI redirected(URI from, String location) throws IOException {
        URI to;
        try {
            to = from.resolve(URI.create(location));
        } catch (IllegalArgumentException malformed) {
            throw new IOException("redirected to what is no URL: " + location, malformed);
        }
        if (!isHttp(to) || ("https".equals(from.getScheme()) && "http".equals(to.getScheme()))) {
            throw new IOException("redirected to " + to + ", which is not followed");
        }
        return to;
    }

    private static Stream connect(Io io, URI uri, TlsOptions tls) throws IOException {
        boolean secure = "https".equals(uri.getScheme());
        int port = uri.getPort() >= 0 ? uri.getPort() : secure ? 443 : 80;
        HostName host;
        try {
            host = HostName.of(uri.getHost());
        } catch (IllegalArgumentException malformed) {
            throw new IOException(malformed.getMessage(), malformed);
        }
        Stream plain = io.net().connect(io, host, port);
        // A handshake that fails closes the connection; the certificate must be one of the host.
        return secure ? Tls.client(io, plain, uri.getHost().replaceAll("[\\[\\]]", ""), tls) : plain;
    }

    @Override
    public void close() {
        stream.close();
    }
}
