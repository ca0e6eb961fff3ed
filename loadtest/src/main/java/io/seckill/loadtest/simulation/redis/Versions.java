package io.seckill.loadtest.simulation.redis;

import io.seckill.schema.redis.FunctionLibrary;
import java.util.List;

/** The function library of this build, and one of a next build that does the same. */
public final class Versions {
    /** What Redis has at first. */
    public static final FunctionLibrary THIS = FunctionLibrary.of(FunctionLibrary.text());

    public static final FunctionLibrary NEXT = FunctionLibrary.of(FunctionLibrary.text() + "-- the next version\n");

    static final List<FunctionLibrary> ALL = List.of(THIS, NEXT);

    private Versions() {}
}
