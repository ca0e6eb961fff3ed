package io.seckill.loadtest;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The edge between the commands, whose thread may wait, and the asynchronous rest. */
public final class Blocking {

    /** What was waited for did not come; the message is fit for a terminal. */
    public static final class FailedException extends Exception {

        private static final long serialVersionUID = 1L;

        FailedException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private Blocking() {}

    public static <T> T await(Future<T> future, Duration patience) throws FailedException, InterruptedException {
        CompletableFuture<T> waiting = future.toCompletionStage().toCompletableFuture();
        try {
            return waiting.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            String message = cause.getMessage();
            throw new FailedException(message == null ? cause.toString() : message, cause);
        } catch (TimeoutException e) {
            throw new FailedException("no answer within " + patience.toSeconds() + " s", e);
        }
    }
}
