package io.seckill.schema.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The Redis function library as a whole: {@code SchemaMain} applies it, services only verify it, but for a Redis that came
 * back with nothing. Applying the same code again changes nothing; that matters, since a reload disarms every sale (see the
 * fence in {@code seckill.lua}).
 */
public final class FunctionLibrary {
    private static final String NAME = "seckill";

    private FunctionLibrary() {}

    /** What {@link #apply} did. */
    public enum Applied {
        UNCHANGED,
        LOADED,
        /** An older library was replaced: sales that were armed are fenced now. */
        REPLACED
    }

    public static Future<Applied> apply(RedisConnection redis) {
        return installed(redis).compose(code -> {
            if (source().equals(code)) {
                return Future.succeededFuture(Applied.UNCHANGED);
            }
            return redis.send(Request.cmd(Command.FUNCTION)
                            .arg("LOAD")
                            .arg("REPLACE")
                            .arg(source()))
                    .map(code == null ? Applied.LOADED : Applied.REPLACED);
        });
    }

    /** Fails with a sentence that says what is missing, and changes nothing. */
    public static Future<Void> verify(RedisConnection redis) {
        return installed(redis).compose(code -> {
            if (source().equals(code)) {
                return Future.succeededFuture();
            }
            return Future.failedFuture(new IllegalStateException(
                    code == null
                            ? "the function library `seckill` is missing; run SchemaMain"
                            : "the function library `seckill` is of another version; run SchemaMain"));
        });
    }

    /**
     * Loads the library where there is none, as in a Redis that lost everything, and verifies it. One of another version is
     * left as it is: two versions of a service would fence each other's sales in turn.
     */
    public static Future<Void> ensure(RedisConnection redis) {
        return installed(redis)
                .compose(code -> code == null
                        // Without REPLACE: of two that come at once, the second finds it there.
                        ? redis.send(Request.cmd(Command.FUNCTION).arg("LOAD").arg(source()))
                                .otherwiseEmpty()
                        : Future.succeededFuture())
                .compose(v -> verify(redis));
    }

    private static Future<String> installed(RedisConnection redis) {
        return redis.send(Request.cmd(Command.FUNCTION)
                        .arg("LIST")
                        .arg("LIBRARYNAME")
                        .arg(NAME)
                        .arg("WITHCODE"))
                .map(libraries -> libraries.size() == 0 ? null : codeOf(libraries.get(0)));
    }

    // A map in RESP3, a flat list of names and values in RESP2.
    private static String codeOf(Response library) {
        if (library.isMap()) {
            return library.get("library_code").toString();
        }
        for (int i = 0; i + 1 < library.size(); i += 2) {
            if (library.get(i).toString().equals("library_code")) {
                return library.get(i + 1).toString();
            }
        }
        return null;
    }

    private static String source() {
        return Source.TEXT;
    }

    private static final class Source {
        static final String TEXT = read();

        private static String read() {
            try (InputStream in = FunctionLibrary.class.getResourceAsStream("/redis/seckill.lua")) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
