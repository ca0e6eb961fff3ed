package io.seckill.local.payments;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.local.payments.Payment.State;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CashierTest {
    private static final Behaviour HOLDING = new Behaviour(0, 0, false, 0, true, 1);
    private static final Behaviour FAILING = new Behaviour(0, 0, false, 1, false, 1);

    private final List<Webhook> sent = new ArrayList<>();
    private final List<Promise<Void>> pauses = new ArrayList<>();
    private final Ledger ledger = new Ledger(1_000, 100);
    private Future<Void> gateway = Future.succeededFuture();
    private long nowMs = 1_700_000_000_000L;
    private final Cashier cashier = new Cashier(ledger, this::take, this::pause, () -> nowMs, 1);

    private Future<Void> take(Webhook webhook) {
        sent.add(webhook);
        return gateway;
    }

    private Future<Void> pause(long ms) {
        pauses.add(Promise.promise());
        return pauses.get(pauses.size() - 1).future();
    }

    private static Charge charge(String id) {
        return new Charge(id, new UUID(0, 1), 990, "CNY");
    }

    private List<String> ids() {
        return sent.stream().map(Webhook::id).toList();
    }

    @Test
    void shouldChargeOnceAndTellTheSameEventAgain() {
        Payment first = cashier.charge(charge("pay_a"));
        nowMs += 5_000;
        Payment second = cashier.charge(charge("pay_a"));

        assertEquals(State.SUCCEEDED, second.state());
        assertEquals(first, second);
        assertEquals(List.of("evt_pay_a_1", "evt_pay_a_1"), ids());
        assertEquals(sent.get(0).body(), sent.get(1).body());
    }

    @Test
    void shouldRefuseAnotherChargeUnderTheSameId() {
        cashier.charge(charge("pay_a"));

        assertThrows(Cashier.Reused.class, () -> cashier.charge(new Charge("pay_a", new UUID(0, 1), 991, "CNY")));
        assertEquals(1, sent.size());
    }

    @Test
    void shouldNotTellTwiceAtATime() {
        gateway = Promise.<Void>promise().future();

        assertTrue(cashier.charge(charge("pay_a")).isBeingTold());
        cashier.charge(charge("pay_a"));

        assertEquals(1, sent.size());
        assertEquals(1, ledger.untold());
    }

    @Test
    void shouldTryAFailedPaymentAnewAsAnotherEvent() {
        cashier.behave(FAILING);
        assertEquals(State.FAILED, cashier.charge(charge("pay_a")).state());
        cashier.behave(Behaviour.PRESET);

        assertEquals(State.SUCCEEDED, cashier.charge(charge("pay_a")).state());

        assertEquals(List.of("evt_pay_a_1", "evt_pay_a_2"), ids());
        assertTrue(sent.get(0).body().toString().contains("\"payment.failed\""));
        assertTrue(sent.get(1).body().toString().contains("\"payment.succeeded\""));
    }

    @Test
    void shouldTellLaterWhenItIsToDelay() {
        cashier.behave(new Behaviour(250, 0, false, 0, false, 1));

        Payment payment = cashier.charge(charge("pay_a"));
        assertTrue(payment.isToldLater() && payment.isBeingTold());
        assertEquals(List.of(), sent);

        pauses.get(0).complete();
        assertFalse(payment.isBeingTold());
        assertEquals(1, sent.size());
    }

    @Test
    void shouldHoldWebhooksUntilItMayTell() {
        cashier.behave(HOLDING);
        Payment payment = cashier.charge(charge("pay_a"));
        cashier.charge(charge("pay_b"));
        assertTrue(payment.isToldLater() && payment.isBeingTold());
        assertEquals(List.of(), sent);

        cashier.behave(Behaviour.PRESET);

        assertEquals(List.of("evt_pay_a_1", "evt_pay_b_1"), ids());
        assertEquals(0, ledger.untold());
    }

    @Test
    void shouldRepeatAndThenTellOfAnEarlierFailure() {
        cashier.behave(new Behaviour(0, 2, true, 0, false, 1));
        cashier.charge(charge("pay_a"));

        assertEquals(List.of("evt_pay_a_1", "evt_pay_a_1", "evt_pay_a_1", "evt_pay_a_2"), ids());
        Webhook late = sent.get(3);
        assertEquals(State.FAILED, late.state());
        assertTrue(late.occurredAtMs() < sent.get(0).occurredAtMs());

        cashier.charge(charge("pay_a"));
        assertEquals(ids().subList(0, 4), ids().subList(4, 8));
    }

    @Test
    void shouldFailTheShareThatItIsAskedToAndTheSameOnesAgain() {
        List<State> first = outcomes(42);

        assertEquals(first, outcomes(42));
        long failed = first.stream().filter(state -> state == State.FAILED).count();
        assertTrue(failed > 100 && failed < 200, "failed of 500: " + failed);
    }

    private List<State> outcomes(long seed) {
        cashier.behave(new Behaviour(0, 0, false, 0.3, false, seed));
        return IntStream.range(0, 500)
                .mapToObj(i -> cashier.charge(charge("pay_" + seed + "_" + sent.size()))
                        .state())
                .toList();
    }

    @Test
    void shouldNotForgetWhatItGaveUpTelling() {
        gateway = Future.failedFuture("nobody there");
        Payment payment = cashier.charge(charge("pay_a"));
        assertFalse(payment.isBeingTold());

        gateway = Future.succeededFuture();
        cashier.charge(charge("pay_a"));

        assertEquals(List.of("evt_pay_a_1"), ids().stream().distinct().toList());
        assertEquals(2, sent.size());
        assertEquals(State.SUCCEEDED, payment.state());
    }
}
