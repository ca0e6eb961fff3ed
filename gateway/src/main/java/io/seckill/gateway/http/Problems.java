package io.seckill.gateway.http;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what vertx-web and the HTTP decoder find wrong into the contract's problems. */
public final class Problems {
    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

    private Problems() {}

    /** The router, with an answer of ours for each of its errors. */
    public static Router handledBy(Router router) {
        router.errorHandler(400, context -> Problem.INVALID_REQUEST.send(context.response()));
        router.errorHandler(404, context -> Problem.NOT_FOUND.send(context.response()));
        router.errorHandler(405, context -> Problem.METHOD_NOT_ALLOWED.send(context.response()));
        router.errorHandler(413, context -> Problem.BODY_TOO_LARGE.send(context.response()));
        router.errorHandler(415, context -> Problem.UNSUPPORTED_MEDIA_TYPE.send(context.response()));
        router.errorHandler(500, context -> {
            LOG.error("{} {}", context.request().method(), context.request().path(), context.failure());
            Problem.INTERNAL.send(context.response());
        });
        return router;
    }

    /** What the decoder could not read: answered, and the connection closed, since its next byte means nothing. */
    public static void unreadable(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        request.response().putHeader("connection", "close");
        if (cause instanceof TooLongHttpHeaderException) {
            Problem.HEADERS_TOO_LARGE.send(request.response());
        } else {
            Problem.INVALID_REQUEST.send(request.response());
        }
    }
}
