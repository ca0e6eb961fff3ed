package io.seckill.gateway.stream;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.ThreadLocalRandom;

/**
 * One open {@code text/event-stream}. What a client does not take in is not kept for it: while its buffer is full it is
 * passed over, and gets the newest once it has room. Belongs to one event loop.
 */
final class EventStream {
    private static final Buffer HEARTBEAT = Buffer.buffer(":\n\n");
    private static final int MIN_RETRY_MS = 2_000;
    private static final int MAX_RETRY_MS = 4_000;

    private final HttpServerResponse response;
    private long stalledSinceMs = -1;

    private EventStream(HttpServerResponse response) {
        this.response = response;
    }

    /** Answers 200, and tells the client how long to wait before it comes back: not all at once. */
    static EventStream open(HttpServerResponse response, Buffer firstEvent) {
        int retry = ThreadLocalRandom.current().nextInt(MIN_RETRY_MS, MAX_RETRY_MS);
        response.setChunked(true)
                .putHeader("content-type", "text/event-stream")
                .putHeader("cache-control", "no-store")
                .putHeader("x-accel-buffering", "no");
        response.write(Buffer.buffer("retry: " + retry + "\n").appendBuffer(firstEvent));
        return new EventStream(response);
    }

    /** An event as it goes over the wire. {@code data} is one line. */
    static Buffer event(String name, String id, Buffer data) {
        return Buffer.buffer("event: " + name + "\nid: " + id + "\ndata: ")
                .appendBuffer(data)
                .appendString("\n\n");
    }

    /** @return false if the client has no room: nothing was sent */
    boolean send(Buffer event, long nowMs) {
        if (response.closed() || response.ended()) {
            return true;
        }
        if (response.writeQueueFull()) {
            stalledSinceMs = stalledSinceMs < 0 ? nowMs : stalledSinceMs;
            return false;
        }
        stalledSinceMs = -1;
        response.write(event);
        return true;
    }

    boolean heartbeat(long nowMs) {
        return send(HEARTBEAT, nowMs);
    }

    /** For how long the client has had no room, as far as was tried. */
    long stalledMs(long nowMs) {
        return stalledSinceMs < 0 ? 0 : nowMs - stalledSinceMs;
    }

    /** A clean end: the client sees that the answer is complete, and comes back elsewhere. */
    void end() {
        if (!response.closed() && !response.ended()) {
            response.end();
        }
    }

    /** For a client that does not read: an end would never reach it. */
    void cut() {
        response.reset();
    }
}
