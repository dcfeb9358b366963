package io.amphio.interop.http;

import io.amphio.Io;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which handler answers which method on which path.
 *
 * <p>A pattern is a path whose parts in braces stand for any one part that is not empty: {@code /api/notes/{id}}. Where several
 * patterns fit, the one that says more, from the left, is taken: {@code /notes/new} before {@code /notes/{id}}. A path without a
 * pattern gets a 404, a method without a handler a 405 with {@code Allow}. {@code HEAD} is answered by the handler of {@code GET},
 * {@code OPTIONS} without one.
 *
 * <p><b>Threads:</b> routes are added before the server starts; after that it only reads.
 */
public final class Routes implements Handler {
    private final List<Route> routes = new ArrayList<>(); // those that say more come first

    private record Route(String method, String pattern, List<String> parts, Handler handler) {
        boolean fits(List<String> segments) {
            if (segments.size() != parts.size()) {
                return false;
            }
            for (int i = 0; i < parts.size(); i++) {
                String part = parts.get(i);
                if (isParameter(part) ? segments.get(i).isEmpty() : !part.equals(segments.get(i))) {
                    return false;
                }
            }
            return true;
        }

        Map<String, String> take(List<String> segments) {
            Map<String, String> taken = new HashMap<>();
            for (int i = 0; i < parts.size(); i++) {
                if (isParameter(parts.get(i))) {
                    taken.put(nameOf(parts.get(i)), segments.get(i));
                }
            }
            return taken;
        }

        /** Routes of one shape have the same key, and more of it is literal the earlier it sorts. */
        String shape() {
            StringBuilder shape = new StringBuilder();
            for (String part : parts) {
                shape.append(isParameter(part) ? '1' : '0');
            }
            return shape.toString();
        }
    }

    /** Creates routes that lead nowhere. */
    public Routes() {}

    private static boolean isParameter(String part) {
        return part.startsWith("{") && part.endsWith("}");
    }

    private static String nameOf(String parameter) {
        return parameter.substring(1, parameter.length() - 1);
    }

    /** Adds a handler of {@code GET} requests, as {@link #add} does. */
    public Routes get(String pattern, Handler handler) {
        return add("GET", pattern, handler);
    }

    /** Adds a handler of {@code POST} requests, as {@link #add} does. */
    public Routes post(String pattern, Handler handler) {
        return add("POST", pattern, handler);
    }

    /** Adds a handler of {@code PUT} requests, as {@link #add} does. */
    public Routes put(String pattern, Handler handler) {
        return add("PUT", pattern, handler);
    }

    /** Adds a handler of {@code DELETE} requests, as {@link #add} does. */
    public Routes delete(String pattern, Handler handler) {
        return add("DELETE", pattern, handler);
    }

    /**
     * Adds a handler.
     *
     * @param method as it comes in requests: {@code PATCH}
     * @param pattern begins with a slash; parameters are whole parts
     * @param handler what answers
     * @return this
     * @throws IllegalArgumentException if the pattern is malformed, or has a handler of that method
     */
    public Routes add(String method, String pattern, Handler handler) {
        Objects.requireNonNull(handler, "a route's handler is null");
        if (!pattern.startsWith("/")) {
            throw new IllegalArgumentException("a pattern that does not begin with a slash: " + pattern);
        }
        Route added = new Route(method, pattern, List.of(pattern.substring(1).split("/", -1)), handler);
        for (String part : added.parts) {
            if (!isParameter(part) && (part.contains("{") || part.contains("}"))) {
                throw new IllegalArgumentException("a parameter that is not a whole part of the path: " + pattern);
            }
        }
        for (Route route : routes) {
            if (route.method.equals(method) && route.pattern.equals(pattern)) {
                throw new IllegalArgumentException("there is a handler of " + method + " " + pattern);
            }
        }
        routes.add(added);
        routes.sort(Comparator.comparing(Route::shape));
        return this;
    }

    @Override
    public Response handle(Io io, Request request) throws Exception {
        Set<String> allowed = new TreeSet<>();
        boolean isHead = "HEAD".equals(request.method());
        Route forHead = null;
        for (Route route : routes) {
            if (route.fits(request.segments())) {
                if (route.method.equals(request.method())) {
                    return answer(io, request, route);
                }
                if (isHead && forHead == null && "GET".equals(route.method)) {
                    forHead = route;
                }
                allowed.add(route.method);
            }
        }
        if (forHead != null) {
            return answer(io, request, forHead);
        }
        return refuse(request, allowed);
    }

    private static Response answer(Io io, Request request, Route route) throws Exception {
        return route.handler.handle(io, request.withParameters(route.take(request.segments())));
    }

    private static Response refuse(Request request, Set<String> allowed) {
        boolean isOptions = "OPTIONS".equals(request.method());
        if (allowed.isEmpty() && !(isOptions && "*".equals(request.path()))) {
            throw new HttpStatusException(404, "Nothing is at " + request.path());
        }
        if (allowed.contains("GET")) {
            allowed.add("HEAD");
        }
        allowed.add("OPTIONS");
        String allow = String.join(", ", allowed);
        if (isOptions) {
            return Response.of(204).withHeader("Allow", allow);
        }
        throw new HttpStatusException(405, "Not allowed here: " + request.method() + "; allowed are " + allow)
                .withHeader("Allow", allow);
    }
}
