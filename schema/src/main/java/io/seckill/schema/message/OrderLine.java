package io.seckill.schema.message;

/**
 * One accepted purchase within a lot.
 *
 * @param userId 1 to 64 printable ASCII characters without a space
 * @param quantity units, at least 1
 * @param attempt the user's how-many-eth order in this sale, from 1; grows after a cancel or an expiry
 */
public record OrderLine(String userId, int quantity, int attempt) {
    /** Longest user id that any part of the system takes. */
    public static final int MAX_USER_ID = 64;

    public OrderLine {
        if (!isUserId(userId)) {
            throw new IllegalArgumentException("user id is not 1-64 printable ASCII characters without a space");
        }
        if (quantity < 1 || quantity > 0xffff || attempt < 1 || attempt > 0xffff) {
            throw new IllegalArgumentException("quantity or attempt out of range: " + quantity + ", " + attempt);
        }
    }

    /** The one rule for user ids: what Redis' text payload, MySQL's ascii_bin column and a log line all bear. */
    public static boolean isUserId(String text) {
        if (text == null || text.isEmpty() || text.length() > MAX_USER_ID) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) <= ' ' || text.charAt(i) > '~') {
                return false;
            }
        }
        return true;
    }
}
