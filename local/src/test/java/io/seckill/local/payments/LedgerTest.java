package io.seckill.local.payments;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vertx.core.Future;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LedgerTest {
    private final Ledger ledger = new Ledger(3, 2);

    private Payment begin(String id) {
        ledger.makeRoom();
        Payment payment = new Payment(new Charge(id, new UUID(0, 1), 990, "CNY"), 0);
        payment.tell(Future.succeededFuture(), false);
        ledger.began(payment);
        return payment;
    }

    @Test
    void shouldForgetTheOldestThatIsKnown() {
        begin("still-untold");
        ledger.ended(begin("told-first"));
        ledger.ended(begin("told-second"));

        Payment fourth = begin("fourth");

        assertNull(ledger.find("told-first"));
        assertSame(fourth, ledger.find("fourth"));
        assertEquals(3, ledger.size());
        assertEquals(2, ledger.untold());
    }

    @Test
    void shouldTakeNoMoreThanCanWait() {
        begin("a");
        Payment second = begin("b");
        assertThrows(Ledger.Full.class, () -> begin("c"));

        ledger.ended(second);

        begin("c");
        assertEquals(3, ledger.size());
    }

    @Test
    void shouldKeepAPaymentUntilEveryTellingHasEnded() {
        Payment payment = begin("a");
        ledger.began(payment);
        ledger.ended(payment);
        assertEquals(1, ledger.untold());

        ledger.ended(payment);

        assertEquals(0, ledger.untold());
        assertSame(payment, ledger.find("a"));
    }
}
