package io.seckill.loadtest.simulation.redis;

import io.seckill.schema.redis.FunctionLibrary;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The function library of this build, and one of a next build that does the same. */
public final class Versions {
    /** What Redis has at first. */
    public static final FunctionLibrary THIS = FunctionLibrary.of(text());

    public static final FunctionLibrary NEXT = FunctionLibrary.of(text() + "-- the next version\n");

    static final List<FunctionLibrary> ALL = List.of(THIS, NEXT);

    private Versions() {}

    private static String text() {
        try (InputStream in = Versions.class.getResourceAsStream("/redis/seckill.lua")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
