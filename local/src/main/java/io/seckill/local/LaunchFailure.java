package io.seckill.local;

/**
 * Why the launcher cannot go on, in words for the person at the terminal. {@link SeckillMain} prints the message as it
 * is and keeps the stack trace for {@code SECKILL_DEBUG=1}.
 */
public final class LaunchFailure extends RuntimeException {
    public LaunchFailure(String message) {
        super(message);
    }

    public LaunchFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
