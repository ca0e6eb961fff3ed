package io.seckill.loadtest;

import java.time.Duration;
import java.util.List;

/**
 * What a rush does. Carried out by {@link Rush}.
 *
 * @param saleId the sale that everybody wants
 * @param gateways base URLs; buyers are dealt to them in turn
 * @param arrivals when each buyer comes
 * @param copies identical requests that each buyer sends besides the first, at the same moment, on the next gateways:
 *     two taps, a proxy that repeats
 * @param limits where it stops
 */
public record RushPlan(String saleId, List<String> gateways, Arrivals arrivals, int copies, Limits limits) {

    public RushPlan {
        gateways = List.copyOf(gateways);
        if (gateways.isEmpty()) {
            throw new IllegalArgumentException("a rush needs a gateway");
        }
        if (copies < 0) {
            throw new IllegalArgumentException("copies must not be negative");
        }
    }

    /** One request a buyer, with {@link Limits#DEFAULTS}. */
    public static RushPlan of(String saleId, List<String> gateways, Arrivals arrivals) {
        return new RushPlan(saleId, gateways, arrivals, 0, Limits.DEFAULTS);
    }

    /**
     * Every wait and every retry of a rush is bounded here.
     *
     * @param connectionsPerGateway at most so many at a time; requests beyond wait, and their latency shows it
     * @param maxAttempts requests per copy when the answer is 429, 503 or none; {@code outcome_unknown} does not count,
     *     it is asked again for as long as there is patience
     * @param requestTimeout silence on a connection after which its request counts as an error; in whole milliseconds
     * @param patience from the last arrival to the end of the rush; who has no answer by then stays unresolved
     * @param lateThreshold an arrival sent later than this was late by the generator's own fault
     * @param lateShare the share of late arrivals above which the run's latencies are void
     */
    public record Limits(
            int connectionsPerGateway,
            int maxAttempts,
            Duration requestTimeout,
            Duration patience,
            Duration lateThreshold,
            double lateShare) {

        /** Limits that suit a stack on the same machine. */
        public static final Limits DEFAULTS =
                new Limits(256, 10, Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofMillis(100), 0.01);

        public Limits {
            if (connectionsPerGateway < 1 || maxAttempts < 1) {
                throw new IllegalArgumentException("connections and attempts must be at least 1");
            }
            if (requestTimeout.toMillis() < 1 || requestTimeout.compareTo(patience) > 0) {
                throw new IllegalArgumentException("requestTimeout must be positive and at most the patience, not "
                        + requestTimeout + " of " + patience);
            }
        }
    }
}
