package io.seckill.loadtest.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.loadtest.ClientHistory;
import io.seckill.loadtest.StoredOrder;
import io.seckill.loadtest.chaos.History.Attempt;
import io.seckill.loadtest.chaos.History.Outcome;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HistoryCheckTest {
    private final History history = new History();

    @Test
    void shouldFindNothingWrongWithWhatWasPromised() {
        told("ann", "buy", Outcome.OK, "o1");
        told("ann", "pay", Outcome.OK, "o1");
        told("bob", "buy", Outcome.OK, "o2");
        told("bob", "cancel", Outcome.OK, "o2");
        told("cid", "buy", Outcome.REFUSED, "");

        assertEquals(
                List.of(),
                HistoryCheck.broken(history, List.of(order("o1", "ann", "paid"), order("o2", "bob", "cancelled"))));
    }

    @Test
    void shouldFindAPromisedOrderThatIsNotThere() {
        told("ann", "buy", Outcome.OK, "o1");

        assertBroken("lost", List.of());
        assertBroken("lost", List.of(order("o1", "bob", "expired")));
        assertEquals(Set.of("o1"), HistoryCheck.missing(history, List.of()));
    }

    @Test
    void shouldFindAnEndThatDidNotHold() {
        told("ann", "buy", Outcome.OK, "o1");
        told("ann", "pay", Outcome.OK, "o1");
        assertBroken("paid orders are not paid any more", List.of(order("o1", "ann", "expired")));

        told("bob", "buy", Outcome.OK, "o2");
        told("bob", "cancel", Outcome.OK, "o2");
        assertBroken(
                "cancelled orders are not cancelled any more",
                List.of(order("o1", "ann", "paid"), order("o2", "bob", "paid")));
    }

    @Test
    void shouldFindAnOrderThatNobodyAskedFor() {
        told("ann", "buy", Outcome.OK, "o1");
        told("bob", "buy", Outcome.REFUSED, "");

        assertBroken("nobody asked for", List.of(order("o1", "ann", "expired"), order("o2", "ann", "expired")));
        assertBroken("nobody asked for", List.of(order("o1", "ann", "expired"), order("o3", "bob", "expired")));
    }

    @Test
    void shouldAllowAnOrderForEachAttemptWithoutAnAnswer() {
        told("ann", "buy", Outcome.UNKNOWN, "");
        told("ann", "buy", Outcome.REFUSED, "");

        assertEquals(List.of(), HistoryCheck.broken(history, List.of(order("o1", "ann", "expired"))));
        assertEquals(List.of(), HistoryCheck.broken(history, List.of()));
        assertBroken("nobody asked for", List.of(order("o1", "ann", "expired"), order("o2", "ann", "expired")));
    }

    @Test
    void shouldTellTheAuditorWhoWasPromisedRefusedAndLeftInDoubt() {
        told("ann", "buy", Outcome.OK, "o1");
        told("ann", "buy", Outcome.OK, "o1");
        told("bob", "buy", Outcome.REFUSED, "");
        told("cid", "buy", Outcome.UNKNOWN, "o3");
        told("dan", "buy", Outcome.UNKNOWN, "o4");
        told("dan", "buy", Outcome.OK, "o4");

        assertEquals(
                new ClientHistory(
                        Map.of("ann", Set.of("o1"), "dan", Set.of("o4")), Set.of("bob"), Set.of("cid", "dan")),
                history.toClientHistory());
    }

    private void told(String user, String call, Outcome outcome, String orderId) {
        history.add(new Attempt(user, call, 0, outcome, "", orderId, Instant.EPOCH, 1));
    }

    private static StoredOrder order(String id, String user, String state) {
        return new StoredOrder(id, user, 1, state, Instant.EPOCH, Instant.EPOCH);
    }

    private void assertBroken(String what, List<StoredOrder> stored) {
        List<String> broken = HistoryCheck.broken(history, stored);
        assertEquals(1, broken.size(), broken::toString);
        assertTrue(broken.get(0).contains(what), broken::toString);
    }
}
