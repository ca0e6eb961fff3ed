package io.seckill.local.payments;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The payments that the provider remembers, so many and no more. For a new one the oldest that the gateways know is
 * forgotten; what they are still to be told is not, so of those there may be fewer. Used on one event loop.
 */
final class Ledger {
    /** The gateways do not know of too many payments yet. */
    static final class Full extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Full(int size) {
            super(size + " payments wait for their webhooks", null, false, false);
        }
    }

    private final int capacity;
    private final int maxUntold;
    private final Map<String, Payment> untold = new HashMap<>();
    private final LinkedHashMap<String, Payment> told = new LinkedHashMap<>();

    /**
     * @param capacity most payments in all
     * @param maxUntold most that wait for a webhook, fewer than capacity
     */
    Ledger(int capacity, int maxUntold) {
        this.capacity = capacity;
        this.maxUntold = maxUntold;
    }

    /** Null for one that was never charged, or is forgotten. */
    Payment find(String paymentId) {
        Payment payment = untold.get(paymentId);
        return payment == null ? told.get(paymentId) : payment;
    }

    /**
     * Before a payment is told.
     *
     * @throws Full if too many wait already
     */
    void makeRoom() {
        if (untold.size() >= maxUntold) {
            throw new Full(maxUntold);
        }
        if (size() >= capacity) {
            told.remove(told.keySet().iterator().next());
        }
    }

    /** Keeps a payment until {@link #ended} was called as often. */
    void began(Payment payment) {
        payment.tellings(1);
        told.remove(payment.charge().paymentId());
        untold.put(payment.charge().paymentId(), payment);
    }

    void ended(Payment payment) {
        if (payment.tellings(-1) == 0) {
            payment.toldOrLost();
            untold.remove(payment.charge().paymentId());
            told.put(payment.charge().paymentId(), payment);
        }
    }

    int size() {
        return untold.size() + told.size();
    }

    int untold() {
        return untold.size();
    }
}
