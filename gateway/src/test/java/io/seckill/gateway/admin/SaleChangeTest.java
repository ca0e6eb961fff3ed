package io.seckill.gateway.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.gateway.admin.SaleChange.Decision;
import io.seckill.gateway.admin.SaleChange.Restock;
import io.seckill.gateway.admin.SaleChange.ToPhase;
import io.seckill.gateway.http.Problem;
import io.seckill.gateway.sale.SaleRow;
import io.seckill.gateway.sale.SaleRow.Phase;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an operator may do to a sale, and when. */
class SaleChangeTest {
    private static final long STARTS = 1_000_000;
    private static final long ENDS = 2_000_000;
    private static final long DURING = 1_500_000;

    @ParameterizedTest
    @CsvSource({
        "pause, SELLING, PAUSED",
        "resume, PAUSED, SELLING",
        "end, SELLING, ENDED",
        "end, PAUSED, ENDED",
        "pause, PAUSED, PAUSED",
        "resume, SELLING, SELLING",
        "end, ENDED, ENDED"
    })
    void shouldChangeThePhaseAndBeContentWhenItIsSo(String action, Phase from, Phase to) {
        Decision decision = phase(action).on(sale(from), DURING);

        assertNull(decision.refusal());
        assertSame(to, decision.becomes().phase());
        assertEquals(from != to, decision.changesSomething());
    }

    @Test
    void shouldNotRevive() {
        assertSame(
                Problem.SALE_ENDED, ToPhase.RESUME.on(sale(Phase.ENDED), DURING).refusal());
        assertSame(
                Problem.SALE_ENDED, ToPhase.PAUSE.on(sale(Phase.SELLING), ENDS).refusal());
        assertSame(
                Problem.SALE_ENDED, new Restock(1).on(sale(Phase.SELLING), ENDS).refusal());
        assertSame(
                Problem.SALE_ENDED,
                patch("title", "x").on(sale(Phase.SELLING), ENDS).refusal());
        assertFalse(ToPhase.END.on(sale(Phase.SELLING), ENDS).changesSomething(), "it is over by itself");
    }

    @Test
    void shouldWaitForASaleThatIsNotOnItsFeet() {
        for (SaleChange change :
                new SaleChange[] {ToPhase.PAUSE, ToPhase.RESUME, ToPhase.END, new Restock(1), patch("title", "x")}) {
            Phase phase = change == ToPhase.RESUME ? Phase.PAUSED : Phase.SELLING;
            for (SaleRow sale : new SaleRow[] {sale(Phase.LOADING), sale(phase, true)}) {
                assertSame(Problem.RECOVERING, change.on(sale, DURING).refusal(), change.action());
            }
        }
    }

    @Test
    void shouldAddUnits() {
        Decision decision = new Restock(7).on(sale(Phase.PAUSED), DURING);

        assertEquals(17, decision.becomes().stock());
        assertSame(Phase.PAUSED, decision.becomes().phase());
        assertEquals(new JsonObject().put("quantity", 7).put("stock", 17), decision.detail());
    }

    @Test
    void shouldNotExceedTheLargestStock() {
        assertEquals(
                NewSale.MAX_STOCK,
                new Restock(NewSale.MAX_STOCK - 10)
                        .on(sale(Phase.SELLING), DURING)
                        .becomes()
                        .stock());
        assertEquals(
                400,
                new Restock(NewSale.MAX_STOCK - 9)
                        .on(sale(Phase.SELLING), DURING)
                        .refusal()
                        .status());
    }

    @Test
    void shouldChangeStartAndLimitOnlyBeforeTheStart() {
        SaleChange limit = patch("maxPerUser", 5);
        SaleChange start = patch("startsAt", Instant.ofEpochMilli(STARTS + 5).toString());

        assertEquals(5, limit.on(sale(Phase.SELLING), STARTS - 1).becomes().maxPerUser());
        assertEquals(
                STARTS + 5, start.on(sale(Phase.SELLING), STARTS - 1).becomes().startsMs());
        assertEquals(400, limit.on(sale(Phase.SELLING), STARTS).refusal().status());
        assertEquals(400, start.on(sale(Phase.SELLING), STARTS).refusal().status());
    }

    @Test
    void shouldMoveTheEndOnlyAway() {
        assertEquals(
                ENDS + 1,
                patch("endsAt", Instant.ofEpochMilli(ENDS + 1).toString())
                        .on(sale(Phase.SELLING), DURING)
                        .becomes()
                        .endsMs());
        assertEquals(
                400,
                patch("endsAt", Instant.ofEpochMilli(ENDS - 1).toString())
                        .on(sale(Phase.SELLING), DURING)
                        .refusal()
                        .status());
    }

    @Test
    void shouldNotStartAfterTheEnd() {
        assertEquals(
                400,
                patch("startsAt", Instant.ofEpochMilli(ENDS).toString())
                        .on(sale(Phase.SELLING), 1)
                        .refusal()
                        .status());
    }

    @Test
    void shouldNoteWhatAPatchChangedAndNothingElse() {
        Decision decision = patch("title", "New").on(sale(Phase.SELLING), DURING);

        assertTrue(decision.changesSomething());
        assertEquals(new JsonObject().put("title", "New"), decision.detail());
        assertFalse(patch("title", "Phone").on(sale(Phase.SELLING), DURING).changesSomething());
    }

    private static SaleChange patch(String field, Object value) {
        SalePatch.Result read = SalePatch.read(new JsonObject().put(field, value));
        assertTrue(read.errors().isEmpty(), () -> read.errors().toString());
        return read.patch();
    }

    private static ToPhase phase(String action) {
        return switch (action) {
            case "pause" -> ToPhase.PAUSE;
            case "resume" -> ToPhase.RESUME;
            default -> ToPhase.END;
        };
    }

    private static SaleRow sale(Phase phase) {
        return sale(phase, false);
    }

    private static SaleRow sale(Phase phase, boolean recovering) {
        return new SaleRow("s1", "Phone", "", "", 990, "CNY", 10, 2, STARTS, ENDS, 900, 1, 1, phase, recovering);
    }
}
