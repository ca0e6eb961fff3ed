package io.seckill.loadtest.scenario;

import io.seckill.loadtest.bench.Wrk;
import java.io.IOException;
import java.nio.file.Path;

/**
 * How many purchases a second the system answers at most, by wrk: a generator in the JVM would eat the cores that it
 * measures. Closed model: 256 connections, each sending its next request when the last one was answered.
 */
public final class Ceiling {
    private static final int CONNECTIONS = 256;

    private final Wrk wrk;
    private final int seconds;

    /**
     * @param script {@code loadtest/wrk/bench.lua}
     * @param tokens lines {@code userId<TAB>token}
     * @param users how many those are
     */
    public Ceiling(Path script, Path tokens, int users, int seconds) {
        this.wrk = new Wrk(script, tokens, users);
        this.seconds = seconds;
    }

    Wrk.Run run(String gateway, String saleId) throws IOException, InterruptedException {
        return wrk.run(gateway + "/api/v1/sales/" + saleId + "/orders", CONNECTIONS, seconds);
    }
}
