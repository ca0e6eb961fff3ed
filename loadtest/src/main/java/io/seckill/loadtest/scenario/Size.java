package io.seckill.loadtest.scenario;

import java.util.Optional;

/**
 * How large a scenario is played.
 *
 * @param users who come, each at a time of her own
 * @param millis within which they come
 * @param stock units, of all the scenario's sales together
 * @param watchers open event streams beside the users
 */
public record Size(int users, long millis, int stock, int watchers) {
    /** So that everything a run keeps fits into its memory. */
    static final int MOST_USERS = 500_000;

    private static final long LONGEST_MS = 3_600_000;

    /**
     * What was asked for; empty where the scenario's own size serves.
     *
     * @param seconds within which users come
     * @param rate users a second
     */
    public record Wish(
            Optional<Integer> users, Optional<Integer> seconds, Optional<Integer> rate, Optional<Integer> stock) {
        public static final Wish NONE =
                new Wish(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /**
     * The size of one scenario. Of users, seconds and rate two decide about the third.
     *
     * @throws IllegalArgumentException in words for the command line, if the wishes do not go together
     */
    public static Size of(Scenario scenario, Wish wish) {
        if (wish.users().isPresent()
                && wish.seconds().isPresent()
                && wish.rate().isPresent()
                && (long) wish.seconds().get() * wish.rate().get()
                        != wish.users().get()) {
            throw new IllegalArgumentException(
                    "--users %d, --duration %d and --rate %d do not go together: leave one out"
                            .formatted(
                                    wish.users().get(),
                                    wish.seconds().get(),
                                    wish.rate().get()));
        }
        long millis;
        long users;
        if (wish.users().isPresent() && wish.seconds().isPresent()) {
            users = wish.users().get();
            millis = 1_000L * wish.seconds().get();
        } else {
            int rate = wish.rate().orElse(scenario.rate());
            users = wish.users().isPresent()
                    ? wish.users().get()
                    : wish.seconds().map(seconds -> (long) seconds * rate).orElse((long) scenario.users());
            millis = wish.seconds().map(seconds -> 1_000L * seconds).orElse(1_000L * users / rate);
        }
        if (users < 1 || users > MOST_USERS) {
            throw new IllegalArgumentException(
                    "%s would have %,d users; it must be 1 to %,d".formatted(scenario.title(), users, MOST_USERS));
        }
        if (millis > LONGEST_MS) {
            throw new IllegalArgumentException("%s would take %,d s; it must be at most %,d"
                    .formatted(scenario.title(), millis / 1_000, LONGEST_MS / 1_000));
        }
        // As much for everyone as by default.
        long stock = wish.stock()
                .map(Integer::longValue)
                .orElse(Math.max(scenario.sales(), (long) scenario.stock() * users / scenario.users()));
        int watchers = (int) Math.min(scenario.watchers(), users);
        return new Size((int) users, Math.max(1, millis), (int) stock, watchers);
    }
}
