package io.amphio.interop.http;

import java.util.List;

/**
 * The head of a request.
 *
 * @param method as it came
 * @param target as it came
 * @param isHttp10 whether the client speaks HTTP/1.0
 * @param headers in order
 * @param contentBytes the length of the body; -1 if only its end will tell
 */
record Head(String method, String target, boolean isHttp10, List<HttpHeader> headers, long contentBytes) {
    boolean isHead() {
        return "HEAD".equals(method);
    }

    /** Returns whether the client would send another request after this one. */
    boolean isPersistent() {
        return isHttp10 ? has("Connection", "keep-alive") : !has("Connection", "close");
    }

    /** Returns whether the client waits to be told that its body is wanted. */
    boolean expectsContinue() {
        return !isHttp10 && has("Expect", "100-continue");
    }

    /** Returns whether a header called {@code name} lists {@code wanted}. */
    private boolean has(String name, String wanted) {
        for (HttpHeader header : headers) {
            if (header.is(name)) {
                for (String value : header.value().split(",", -1)) {
                    if (value.strip().equalsIgnoreCase(wanted)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }
}
