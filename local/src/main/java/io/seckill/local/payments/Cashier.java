package io.seckill.local.payments;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Random;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what becomes of a charge, and when and how often the gateways are told. Used on one event loop. {@link Webhooks}
 * does the telling.
 */
final class Cashier {
    private static final Logger LOG = LoggerFactory.getLogger(Cashier.class);

    /** A payment's id came again with another order or another amount. */
    static final class Reused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Reused(String paymentId) {
            super(paymentId + " is the payment of another charge", null, false, false);
        }
    }

    private final Ledger ledger;
    private final Function<Webhook, Future<Void>> sender;
    private final LongFunction<Future<Void>> pause;
    private final LongSupplier nowMs;
    private final long firstEvent;
    private final Queue<Promise<Void>> held = new ArrayDeque<>();
    private Behaviour behaviour = Behaviour.PRESET;
    private Random random = new Random(behaviour.seed());

    /**
     * @param sender completes when a gateway took the webhook
     * @param pause completes after so many milliseconds
     * @param firstEvent number of a payment's first event
     */
    Cashier(
            Ledger ledger,
            Function<Webhook, Future<Void>> sender,
            LongFunction<Future<Void>> pause,
            LongSupplier nowMs,
            long firstEvent) {
        this.ledger = ledger;
        this.sender = sender;
        this.pause = pause;
        this.nowMs = nowMs;
        this.firstEvent = firstEvent;
    }

    Behaviour behaviour() {
        return behaviour;
    }

    /** For charges from now on; what was held goes out when webhooks are held no longer. */
    void behave(Behaviour next) {
        behaviour = next;
        random = new Random(next.seed());
        while (!behaviour.holdWebhooks() && !held.isEmpty()) {
            held.remove().complete();
        }
    }

    /**
     * Charges once: a payment that succeeded is only told again, and one that is being told is left alone. One that failed
     * is tried anew.
     *
     * @throws Reused if the payment is another one's
     * @throws Ledger.Full if too many payments wait to be told
     */
    Payment charge(Charge charge) {
        Payment payment = ledger.find(charge.paymentId());
        if (payment == null) {
            payment = new Payment(charge, firstEvent - 1);
        } else if (!payment.charge().equals(charge)) {
            throw new Reused(charge.paymentId());
        } else if (payment.isBeingTold()) {
            return payment;
        }
        ledger.makeRoom();
        if (payment.state() != Payment.State.SUCCEEDED) {
            payment.decide(outcome(), nowMs.getAsLong());
        }
        tell(payment);
        return payment;
    }

    private Payment.State outcome() {
        return random.nextDouble() < behaviour.failRate() ? Payment.State.FAILED : Payment.State.SUCCEEDED;
    }

    private void tell(Payment payment) {
        ledger.began(payment);
        Behaviour asCharged = behaviour;
        Webhook webhook = payment.webhook();
        Future<Void> accepted = delay(asCharged).compose(v -> send(webhook));
        payment.tell(accepted, asCharged.tellsLater());
        accepted.compose(v -> repeat(webhook, asCharged.duplicates()))
                .compose(v -> asCharged.reorder() && webhook.state() == Payment.State.SUCCEEDED
                        ? send(payment.earlierFailure())
                        : Future.succeededFuture())
                .onFailure(failure -> LOG.atWarn()
                        .addKeyValue("paymentId", webhook.charge().paymentId())
                        .log("lost: {}", failure.toString()))
                .onComplete(told -> ledger.ended(payment));
    }

    private Future<Void> delay(Behaviour asCharged) {
        return asCharged.delayMs() == 0 ? Future.succeededFuture() : pause.apply(asCharged.delayMs());
    }

    private Future<Void> repeat(Webhook webhook, int times) {
        return times == 0 ? Future.succeededFuture() : send(webhook).compose(v -> repeat(webhook, times - 1));
    }

    private Future<Void> send(Webhook webhook) {
        if (!behaviour.holdWebhooks()) {
            return sender.apply(webhook);
        }
        Promise<Void> release = Promise.promise();
        held.add(release);
        return release.future().compose(v -> sender.apply(webhook));
    }
}
