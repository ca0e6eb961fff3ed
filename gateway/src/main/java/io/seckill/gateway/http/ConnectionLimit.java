package io.seckill.gateway.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpConnection;

/**
 * Bounds the shoppers' connections of one event loop, and with them what is read and not answered yet. One too many is closed at
 * once: its client tries again, here or elsewhere.
 */
public final class ConnectionLimit implements Handler<HttpConnection> {
    private final int most;
    private int open;
    private long turnedAway;

    public ConnectionLimit(int most) {
        this.most = most;
    }

    @Override
    public void handle(HttpConnection connection) {
        if (open >= most) {
            turnedAway++;
            connection.close();
            return;
        }
        open++;
        connection.closeHandler(closed -> open--);
        LateShutdown.on(connection);
    }

    public int most() {
        return most;
    }

    public int open() {
        return open;
    }

    /** How many were closed at once so far. */
    public long turnedAway() {
        return turnedAway;
    }
}
