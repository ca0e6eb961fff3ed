package io.seckill.loadtest;

import org.HdrHistogram.Histogram;

/** A distribution of response times, in milliseconds; all zero when {@code count} is. */
public record Latency(long count, double p50, double p90, double p99, double p999, double max) {

    public static Latency of(Histogram micros) {
        return new Latency(
                micros.getTotalCount(),
                micros.getValueAtPercentile(50) / 1000.0,
                micros.getValueAtPercentile(90) / 1000.0,
                micros.getValueAtPercentile(99) / 1000.0,
                micros.getValueAtPercentile(99.9) / 1000.0,
                micros.getMaxValue() / 1000.0);
    }
}
