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
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import java.util.stream.StreamSupport;

/**
 * One version of the Redis function library. Its text decides its version, and that is part of the library's and of each
 * function's name: versions stand beside each other, so services can be upgraded one after the other. None is ever
 * replaced, since a reload would disarm every sale (see the fence in {@code seckill.lua}).
 */
public final class FunctionLibrary {
    /** The name of every version whose keys mean the same, but for the version. */
    private static final String FAMILY = "seckill_1_";

    private static final String PLACE = "@VERSION@";
    private static final int VERSION_BYTES = 4;

    private final String version;
    private final String code;

    private FunctionLibrary(String version, String code) {
        this.version = version;
        this.code = code;
    }

    /** The one that this build brings and calls. */
    public static FunctionLibrary shipped() {
        return Shipped.LIBRARY;
    }

    /** {@code seckill.lua} of this build, which is of no version yet. */
    public static String text() {
        try (InputStream in = FunctionLibrary.class.getResourceAsStream("/redis/seckill.lua")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param text as {@link #text} */
    public static FunctionLibrary of(String text) {
        String version = version(text);
        return new FunctionLibrary(version, text.replace(PLACE, version));
    }

    /** As Redis knows it. */
    public String name() {
        return FAMILY + version;
    }

    /** What is loaded into Redis. */
    public String code() {
        return code;
    }

    /** The name under which Redis has a function of this version. */
    public String function(String name) {
        return "seckill_" + name + '_' + version;
    }

    /** What {@link #apply} did. */
    public enum Applied {
        UNCHANGED,
        LOADED
    }

    /** Loads it where it is not installed. Other versions stay, and so does what they sell. */
    public Future<Applied> apply(RedisConnection redis) {
        return isInstalled(redis).compose(there -> {
            if (there) {
                return Future.succeededFuture(Applied.UNCHANGED);
            }
            return redis.send(Request.cmd(Command.FUNCTION).arg("LOAD").arg(code))
                    .map(Applied.LOADED)
                    // Of two that come at once, the second finds it there.
                    .recover(e -> isInstalled(redis)
                            .compose(now -> now ? Future.succeededFuture(Applied.UNCHANGED) : Future.failedFuture(e)));
        });
    }

    /** Fails with a sentence that says what is missing, and changes nothing. */
    public Future<Void> verify(RedisConnection redis) {
        return isInstalled(redis)
                .compose(there -> there
                        ? Future.succeededFuture()
                        : Future.failedFuture(new IllegalStateException(
                                "the function library `" + name() + "` is missing; run SchemaMain")));
    }

    /**
     * Loads it where it is not installed, as in a Redis that lost everything; where the caller may not load, it waits for
     * somebody who may.
     */
    public Future<Void> ensure(RedisConnection redis) {
        return apply(redis).otherwiseEmpty().compose(v -> verify(redis));
    }

    /** Deletes all other versions: once no service calls them any more. Completes with how many there were. */
    public Future<Integer> deleteOthers(RedisConnection redis) {
        return others(redis::send).compose(others -> {
            List<Future<Response>> deleted = others.stream()
                    .map(library -> redis.send(
                            Request.cmd(Command.FUNCTION).arg("DELETE").arg(library.name())))
                    .toList();
            return Future.all(deleted).map(deleted.size());
        });
    }

    /** The other versions that are installed, from which this one may adopt. Their code is not read. */
    Future<List<FunctionLibrary>> others(Function<Request, Future<Response>> redis) {
        return installed(redis).map(all -> all.stream()
                .filter(library -> !library.version.equals(version))
                .toList());
    }

    private Future<Boolean> isInstalled(RedisConnection redis) {
        return installed(redis::send).map(all -> all.stream().anyMatch(library -> library.version.equals(version)));
    }

    private static Future<List<FunctionLibrary>> installed(Function<Request, Future<Response>> redis) {
        return redis.apply(Request.cmd(Command.FUNCTION)
                        .arg("LIST")
                        .arg("LIBRARYNAME")
                        .arg(FAMILY + '*'))
                .map(libraries -> StreamSupport.stream(libraries.spliterator(), false)
                        .map(library -> nameOf(library).substring(FAMILY.length()))
                        .map(found -> new FunctionLibrary(found, ""))
                        .toList());
    }

    // A map in RESP3, a flat list of names and values in RESP2.
    private static String nameOf(Response library) {
        if (library.isMap()) {
            return library.get("library_name").toString();
        }
        for (int i = 0; i + 1 < library.size(); i += 2) {
            if (library.get(i).toString().equals("library_name")) {
                return library.get(i + 1).toString();
            }
        }
        throw new IllegalStateException("a library without a name: " + library);
    }

    private static String version(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, VERSION_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class Shipped {
        static final FunctionLibrary LIBRARY = of(text());
    }
}
