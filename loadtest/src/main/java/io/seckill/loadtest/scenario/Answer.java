package io.seckill.loadtest.scenario;

import io.seckill.loadtest.Reply;
import io.vertx.core.buffer.Buffer;

/**
 * One answer as Gatling wrote it down. Times are in microseconds.
 *
 * @param request what was asked
 * @param visit its number in the schedule, or in the warm-up
 * @param intended since the start, when the request was meant to be sent
 * @param late by how much the generator sent it later than that
 * @param latency from the intended moment to the answer
 * @param status of HTTP; 0 if there was no answer
 * @param replayed whether the system says that it had promised the same before
 */
record Answer(
        Request request, int visit, long intended, long late, long latency, int status, boolean replayed, String body) {
    private static final int FIELDS = 8;

    /** What was asked. */
    enum Request {
        /** A purchase before the clock starts. */
        WARM,
        LOOK,
        BUY,
        /** How the own order is. */
        ORDER
    }

    /** What came of a request: these are never added up. */
    enum Outcome {
        ACCEPTED,
        /** The promise of an earlier 202 once more: nothing new was sold. */
        REPLAYED,
        REFUSED,
        UNKNOWN,
        ERROR,
        /** A page was shown: nothing was bought. */
        SHOWN
    }

    /** @throws IllegalArgumentException if the line is none of an answer */
    static Answer of(String line) {
        String[] fields = line.split("\t", FIELDS);
        if (fields.length != FIELDS) {
            throw new IllegalArgumentException("not an answer: " + line);
        }
        return new Answer(
                Request.valueOf(fields[0].toUpperCase(java.util.Locale.ROOT)),
                Integer.parseInt(fields[1]),
                Long.parseLong(fields[2]),
                Long.parseLong(fields[3]),
                Long.parseLong(fields[4]),
                Integer.parseInt(fields[5]),
                fields[6].equals("1"),
                fields[7]);
    }

    boolean isPurchase() {
        return request == Request.BUY || request == Request.WARM;
    }

    /** What a purchase was told; null if nothing. */
    Reply reply() {
        return status == 0 ? null : Reply.of(status, Buffer.buffer(body));
    }

    Outcome outcome() {
        if (status == 0) {
            return Outcome.ERROR;
        }
        if (!isPurchase()) {
            return status == 200 ? Outcome.SHOWN : Outcome.ERROR;
        }
        return switch (reply().kind()) {
            case ACCEPTED -> replayed ? Outcome.REPLAYED : Outcome.ACCEPTED;
            case REFUSED, BUSY -> Outcome.REFUSED;
            case UNKNOWN -> Outcome.UNKNOWN;
            case ERROR, HOPELESS -> Outcome.ERROR;
        };
    }

    /** The code of a refusal, or what was wrong. */
    String detail() {
        if (status == 0) {
            return "no answer";
        }
        return isPurchase() ? reply().detail() : "status " + status;
    }

    long answeredAt() {
        return intended + latency;
    }
}
