package io.seckill.loadtest.scenario;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * Who comes when, to which sale, and what for: all of it fixed before the first request, by the seed, and changed by no
 * answer. Intervals are as chance makes them (a Poisson process, given how many come), since real visitors do not come
 * evenly. Latency counts from these moments.
 *
 * @param visits by time
 * @param stocks units of each sale
 */
public record Schedule(List<Visit> visits, List<Integer> stocks) {
    private static final long PRESS_MICROS = 200_000;
    private static final int SHOPPERS_PERCENT = 40;

    /**
     * One request of one user, or one walk through the shop.
     *
     * @param offsetMicros since the start
     * @param sale of the scenario, from 0
     * @param user of the crowd, from 0
     */
    public record Visit(long offsetMicros, Act act, int sale, int user) {}

    /** What somebody comes for; the Gatling scenarios know these words. */
    public enum Act {
        /** Buys at once. */
        BUY,
        /** Looks and leaves. */
        LOOK,
        /** Looks, thinks, buys, and looks after the order. */
        SHOP
    }

    public Schedule {
        visits = List.copyOf(visits);
        stocks = List.copyOf(stocks);
    }

    /** The same for the same arguments, on any machine. */
    public static Schedule of(Scenario scenario, Size size, long seed) {
        // Not the ordinal: another scenario between two others must not change what a seed means.
        Random random = new Random(seed * 31 + scenario.title().hashCode());
        Zipf zipf = new Zipf(scenario.sales());
        long[] offsets = scenario == Scenario.RUSH ? rush(size, random) : steady(size, random);
        List<Visit> visits = new ArrayList<>();
        for (int user = 0; user < offsets.length; user++) {
            int sale = scenario.sales() == 1 ? 0 : zipf.draw(random);
            if (scenario == Scenario.RETRY_STORM) {
                presses(visits, offsets[user], user, random);
            } else {
                visits.add(new Visit(offsets[user], act(scenario, random), sale, user));
            }
        }
        visits.sort(Comparator.comparingLong(Visit::offsetMicros));
        return new Schedule(visits, stocks(scenario, size, zipf));
    }

    private static Act act(Scenario scenario, Random random) {
        if (scenario != Scenario.BROWSE) {
            return Act.BUY;
        }
        return random.nextInt(100) < SHOPPERS_PERCENT ? Act.SHOP : Act.LOOK;
    }

    private static long[] steady(Size size, Random random) {
        return random.longs(size.users(), 0, size.millis() * 1_000).sorted().toArray();
    }

    /** Most at once, then fewer and fewer: half of them in the first tenth of the time. */
    private static long[] rush(Size size, Random random) {
        double mean = size.millis() * 1_000 / 10.0 / Math.log(2);
        long last = size.millis() * 1_000 - 1;
        long[] offsets = new long[size.users()];
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = Math.min(last, (long) (-Math.log(1 - random.nextDouble()) * mean));
        }
        Arrays.sort(offsets);
        return offsets;
    }

    /** The same purchase again and again: five requests of which each is due whether or not the one before was answered. */
    private static void presses(List<Visit> visits, long offset, int user, Random random) {
        long at = offset;
        for (int press = 0; press < Scenario.PRESSES; press++) {
            visits.add(new Visit(at, Act.BUY, 0, user));
            at += PRESS_MICROS / 2 + random.nextLong(PRESS_MICROS);
        }
    }

    /** As is asked for of each sale, so that some are left and some are not. */
    private static List<Integer> stocks(Scenario scenario, Size size, Zipf zipf) {
        List<Integer> stocks = new ArrayList<>();
        for (int sale = 0; sale < scenario.sales(); sale++) {
            double even = size.stock() / (double) scenario.sales();
            // Half by popularity, half evenly: the popular ones sell out, the others do not.
            stocks.add((int) Math.max(1, Math.round((zipf.share(sale) * size.stock() + even) / 2)));
        }
        return stocks;
    }

    /** How many were to come by then. */
    public int dueBy(long micros) {
        int low = 0;
        int high = visits.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (visits.get(middle).offsetMicros() <= micros) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    long lastMicros() {
        return visits.get(visits.size() - 1).offsetMicros();
    }
}
