package io.seckill.loadtest.chaos;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The rounds of a run: a pure function of its arguments, on every machine and JDK. The kinds of faults are dealt like a
 * shuffled deck, so each has its turn before any comes again.
 *
 * @param rounds in order
 */
public record ChaosPlan(List<RoundPlan> rounds) {

    private static final int FEWEST_UNITS = 50;
    private static final int MOST_UNITS = 300;
    /** While the shoppers come. */
    private static final int RUSH_MS = 1_800;
    /** While the first orders expire and their units come back. */
    private static final int EXPIRY_MS = 6_000;

    /** Nominal: the shoppers come when it has taken effect. */
    private static final int BEFORE_MS = -300;

    private static final int USUAL_AWAY_MS = 20_000;

    public ChaosPlan {
        rounds = List.copyOf(rounds);
    }

    /**
     * Plans a run.
     *
     * @param kinds that may strike, in any order
     * @param pairsPercent how many rounds in a hundred have two faults at once
     */
    public static ChaosPlan of(long seed, int rounds, Collection<FaultKind> kinds, int pairsPercent) {
        if (kinds.isEmpty() || rounds < 1) {
            throw new IllegalArgumentException("it takes at least one round and one kind of fault");
        }
        SplittableRandom random = new SplittableRandom(seed);
        List<FaultKind> sorted = kinds.stream().distinct().sorted().toList();
        Iterator<FaultKind> deck = List.<FaultKind>of().iterator();
        List<RoundPlan> planned = new ArrayList<>();
        for (int number = 1; number <= rounds; number++) {
            if (!deck.hasNext()) {
                deck = shuffled(sorted, random).iterator();
            }
            // Each round has chance of its own, so that a change within one leaves the others as they were.
            planned.add(round(number, deck.next(), sorted, pairsPercent, random.split()));
        }
        return new ChaosPlan(planned);
    }

    private static List<FaultKind> shuffled(List<FaultKind> kinds, SplittableRandom random) {
        List<FaultKind> deck = new ArrayList<>(kinds);
        for (int i = deck.size() - 1; i > 0; i--) {
            FaultKind other = deck.set(random.nextInt(i + 1), deck.get(i));
            deck.set(i, other);
        }
        return deck;
    }

    private static RoundPlan round(
            int number, FaultKind kind, List<FaultKind> kinds, int pairsPercent, SplittableRandom random) {
        int stock = random.nextInt(FEWEST_UNITS, MOST_UNITS + 1);
        int maxPerUser = random.nextInt(1, 4);
        // From a sale that is left with units to one that is fought over.
        int shoppers = stock * random.nextInt(60, 250) / 100 / ((maxPerUser + 1) / 2);
        int windowSeconds = random.nextInt(3, 6);
        long seed = random.nextLong();
        List<PlannedFault> faults = new ArrayList<>();
        faults.add(fault(kind, random));
        if (random.nextInt(100) < pairsPercent) {
            PlannedFault second = fault(kinds.get(random.nextInt(kinds.size())), random);
            if (second.isCompatibleWith(faults.get(0))) {
                faults.add(second);
            }
        }
        return new RoundPlan(number, seed, stock, shoppers, maxPerUser, windowSeconds, faults);
    }

    private static PlannedFault fault(FaultKind kind, SplittableRandom random) {
        List<String> candidates = kind.victim.candidates();
        String target = candidates.get(random.nextInt(candidates.size()));
        int start = kind.isBeforehand() ? BEFORE_MS : random.nextInt(random.nextInt(4) == 0 ? EXPIRY_MS : RUSH_MS);
        // The shorter of two: long ones are worth their time now and then.
        int length = Math.min(length(kind, random), length(kind, random));
        int amount =
                switch (kind) {
                    case DELAY -> random.nextInt(50, 501);
                    case CLOCK_SKEW -> random.nextInt(30, 301) * (random.nextBoolean() ? 1 : -1);
                    default -> 0;
                };
        return new PlannedFault(kind, target, start, length, amount);
    }

    private static int length(FaultKind kind, SplittableRandom random) {
        boolean seldom = random.nextInt(5) == 0;
        int longest = kind == FaultKind.MYSQL_AWAY && !seldom ? USUAL_AWAY_MS : kind.longestMs;
        return random.nextInt(kind.shortestMs, longest + 1);
    }
}
