package io.seckill.loadtest.simulation.world;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RequestBody;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** HTTP without a network: a server's handler, requests for it, and as much of vertx-web's routing as the product uses. */
final class VirtualHttp {
    private VirtualHttp() {}

    /** An answer, once it is there. */
    record Answer(int status, Map<String, String> headers, String body) {}

    /** What a process listens on. */
    static final class Server {
        private Handler<HttpServerRequest> handler;
        private boolean listening;

        HttpServer stub() {
            HttpServer[] self = new HttpServer[1];
            self[0] = Stub.of(HttpServer.class, (method, a) -> switch (method) {
                case "requestHandler" -> {
                    @SuppressWarnings("unchecked")
                    Handler<HttpServerRequest> set = (Handler<HttpServerRequest>) a[0];
                    handler = set;
                    yield self[0];
                }
                case "invalidRequestHandler", "connectionHandler", "exceptionHandler" -> self[0];
                case "listen" -> {
                    listening = true;
                    yield Future.succeededFuture(self[0]);
                }
                case "shutdown", "close" -> {
                    listening = false;
                    yield Future.succeededFuture();
                }
                case "actualPort" -> 1;
                default -> throw new IllegalStateException("the simulation has no HttpServer." + method);
            });
            return self[0];
        }

        boolean isListening() {
            return listening;
        }

        void handle(HttpServerRequest request) {
            handler.handle(request);
        }
    }

    /** A request whose answer goes to a handler. */
    static HttpServerRequest request(
            World world,
            ProcessLife process,
            HttpMethod method,
            String path,
            Map<String, String> headers,
            Buffer body,
            Handler<Answer> answered) {
        HttpServerResponse response = response(answered);
        return Stub.of(HttpServerRequest.class, (name, a) -> switch (name) {
            case "method" -> method;
            case "path", "uri" -> path;
            case "query" -> null;
            case "response" -> response;
            case "getHeader" -> header(headers, body, String.valueOf(a[0]));
            case "headers" -> MultiMap.caseInsensitiveMultiMap();
            case "getParam" -> null;
            case "handler" -> {
                @SuppressWarnings("unchecked")
                Handler<Buffer> chunk = (Handler<Buffer>) a[0];
                world.scheduler().in(1_000, process, ProcessLife.TASKS, () -> chunk.handle(body));
                yield null;
            }
            case "endHandler" -> {
                @SuppressWarnings("unchecked")
                Handler<Void> end = (Handler<Void>) a[0];
                world.scheduler().in(2_000, process, ProcessLife.TASKS, () -> end.handle(null));
                yield null;
            }
            case "body" -> Future.succeededFuture(body);
            default -> throw new IllegalStateException("the simulation has no HttpServerRequest." + name);
        });
    }

    private static String header(Map<String, String> headers, Buffer body, String name) {
        if (name.equalsIgnoreCase("content-length")) {
            return body == null ? null : Integer.toString(body.length());
        } else if (name.equalsIgnoreCase("content-type")) {
            return "application/json";
        }
        return headers.get(name.toLowerCase(Locale.ROOT));
    }

    private static HttpServerResponse response(Handler<Answer> answered) {
        int[] status = {200};
        boolean[] ended = {false};
        Map<String, String> headers = new LinkedHashMap<>();
        HttpServerResponse[] self = new HttpServerResponse[1];
        self[0] = Stub.of(HttpServerResponse.class, (name, a) -> switch (name) {
            case "setStatusCode" -> {
                status[0] = (Integer) a[0];
                yield self[0];
            }
            case "putHeader" -> {
                headers.put(String.valueOf(a[0]).toLowerCase(Locale.ROOT), String.valueOf(a[1]));
                yield self[0];
            }
            case "ended" -> ended[0];
            case "closed" -> false;
            case "end" -> {
                ended[0] = true;
                answered.handle(new Answer(status[0], headers, a.length == 0 ? "" : String.valueOf(a[0])));
                yield Future.succeededFuture();
            }
            case "closeHandler", "exceptionHandler", "endHandler" -> self[0];
            default -> throw new IllegalStateException("the simulation has no HttpServerResponse." + name);
        });
        return self[0];
    }

    private record Entry(String method, List<String> path, List<Handler<RoutingContext>> handlers) {
        /** @return the parameters, or null if it is another path */
        Map<String, String> match(String otherMethod, List<String> other) {
            if (method != null && !method.equals(otherMethod)) {
                return null;
            }
            Map<String, String> parameters = new LinkedHashMap<>();
            for (int i = 0; i < path.size(); i++) {
                String part = path.get(i);
                if (part.equals("*")) {
                    return parameters;
                } else if (i >= other.size() || (!part.startsWith(":") && !part.equals(other.get(i)))) {
                    return null;
                } else if (part.startsWith(":")) {
                    parameters.put(part.substring(1), other.get(i));
                }
            }
            return path.size() == other.size() ? parameters : null;
        }
    }

    /** As much of a router as the product uses. */
    static Router router() {
        List<Entry> entries = new ArrayList<>();
        Router[] self = new Router[1];
        self[0] = Stub.of(Router.class, (name, a) -> switch (name) {
            case "get", "post", "patch", "put", "delete", "route" -> route(entries, name, a);
            case "errorHandler" -> self[0];
            case "handle" -> {
                route(entries, (HttpServerRequest) a[0]);
                yield null;
            }
            default -> throw new IllegalStateException("the simulation has no Router." + name);
        });
        return self[0];
    }

    private static Route route(List<Entry> entries, String name, Object[] a) {
        String path = a.length == 0 ? "/*" : (String) a[0];
        String method = name.equals("route") ? null : name.toUpperCase(Locale.ROOT);
        Entry entry = new Entry(method, List.of(path.split("/")), new ArrayList<>());
        entries.add(entry);
        Route[] self = new Route[1];
        self[0] = Stub.of(Route.class, (called, b) -> {
            if (called.equals("handler")) {
                @SuppressWarnings("unchecked")
                Handler<RoutingContext> handler = (Handler<RoutingContext>) b[0];
                entry.handlers.add(handler);
            }
            return self[0];
        });
        return self[0];
    }

    private static void route(List<Entry> entries, HttpServerRequest request) {
        List<String> path = List.of(request.path().split("/"));
        Map<String, String> parameters = new LinkedHashMap<>();
        List<Handler<RoutingContext>> handlers = new ArrayList<>();
        for (Entry entry : entries) {
            Map<String, String> found = entry.match(request.method().name(), path);
            if (found != null) {
                parameters.putAll(found);
                handlers.addAll(entry.handlers);
            }
        }
        next(request, parameters, handlers, new LinkedHashMap<>());
    }

    private static void next(
            HttpServerRequest request,
            Map<String, String> parameters,
            List<Handler<RoutingContext>> handlers,
            Map<String, Object> data) {
        if (handlers.isEmpty()) {
            request.response().setStatusCode(404).end();
            return;
        }
        List<Handler<RoutingContext>> rest = handlers.subList(1, handlers.size());
        handlers.get(0).handle(Stub.of(RoutingContext.class, (name, a) -> switch (name) {
            case "next" -> {
                next(request, parameters, rest, data);
                yield null;
            }
            case "request" -> request;
            case "response" -> request.response();
            case "pathParam" -> parameters.get((String) a[0]);
            case "put" -> {
                data.put((String) a[0], a[1]);
                yield null;
            }
            case "get" -> data.get((String) a[0]);
            case "addEndHandler" -> 1;
            case "body" -> body(request);
            case "json" -> request.response().end(io.vertx.core.json.Json.encode(a[0]));
            default -> throw new IllegalStateException("the simulation has no RoutingContext." + name);
        }));
    }

    private static RequestBody body(HttpServerRequest request) {
        Buffer body = request.body().result();
        return Stub.of(RequestBody.class, (name, a) -> switch (name) {
            case "buffer" -> body;
            case "isEmpty" -> body == null || body.length() == 0;
            default -> throw new IllegalStateException("the simulation has no RequestBody." + name);
        });
    }

    static BodyHandler bodyHandler() {
        BodyHandler[] self = new BodyHandler[1];
        self[0] = Stub.of(BodyHandler.class, (name, a) -> {
            if (name.equals("handle")) {
                ((RoutingContext) a[0]).next();
                return null;
            }
            return self[0];
        });
        return self[0];
    }
}
