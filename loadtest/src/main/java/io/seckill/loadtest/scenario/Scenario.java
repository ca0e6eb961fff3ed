package io.seckill.loadtest.scenario;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a load test can play. How large each is by default suits two cores that everything shares; {@link Size} has the words. */
public enum Scenario {
    RUSH("rush", "everyone comes at T0 for few units", 2_000, 400, 100, 1, 0),
    SUSTAINED("sustained", "purchases at a steady rate, with stock for everyone", 8_000, 800, 8_000, 1, 0),
    SOLD_OUT("sold-out", "a storm on a sale that is sold out from the first moment", 20_000, 2_000, 10, 1, 0),
    RETRY_STORM(
            "retry-storm", "everyone presses five times within a second, whatever the answer", 2_500, 300, 800, 1, 0),
    BROWSE(
            "browse",
            "people look, think, some buy and look after their order; others watch the stock live",
            5_000,
            500,
            1_000,
            1,
            500),
    MIXED("mixed", "fifty sales at once, as popular as Zipf says", 4_000, 400, 1_700, 50, 0);

    /** How often each user of a retry storm presses. */
    static final int PRESSES = 5;

    private final String title;
    private final String description;
    private final int users;
    private final int rate;
    private final int stock;
    private final int sales;
    private final int watchers;

    Scenario(String title, String description, int users, int rate, int stock, int sales, int watchers) {
        this.title = title;
        this.description = description;
        this.users = users;
        this.rate = rate;
        this.stock = stock;
        this.sales = sales;
        this.watchers = watchers;
    }

    /** As the command line has it. */
    public String title() {
        return title;
    }

    public String description() {
        return description;
    }

    /** Users by default. */
    int users() {
        return users;
    }

    /** Users a second by default. */
    int rate() {
        return rate;
    }

    /** Units by default, of all sales together. */
    int stock() {
        return stock;
    }

    int sales() {
        return sales;
    }

    /** Open event streams beside the users. */
    int watchers() {
        return watchers;
    }

    public static Optional<Scenario> of(String title) {
        return Arrays.stream(values())
                .filter(scenario -> scenario.title.equals(title))
                .findFirst();
    }

    public static String titles() {
        return Arrays.stream(values()).map(Scenario::title).collect(Collectors.joining(", "));
    }
}
