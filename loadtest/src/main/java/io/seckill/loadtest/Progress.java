package io.seckill.loadtest;

/**
 * How far a rush has come, for a live display.
 *
 * @param elapsedMs since the first arrival
 * @param arrived buyers who have come so far
 * @param settled buyers who have their last answer
 * @param requests sent so far, retries and copies included
 * @param answered replies so far, of every kind
 * @param accepted buyers with a 202
 * @param refused replies of 409, 429 or 503
 * @param errors replies that a healthy system does not give, and requests without a reply
 */
public record Progress(
        long elapsedMs,
        int arrived,
        int settled,
        long requests,
        long answered,
        int accepted,
        long refused,
        long errors) {}
