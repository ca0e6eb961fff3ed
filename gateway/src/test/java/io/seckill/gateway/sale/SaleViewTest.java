package io.seckill.gateway.sale;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.schema.redis.SaleStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SaleViewTest {
    private static final long STARTS = 1_000_000;
    private static final long ENDS = 2_000_000;

    @ParameterizedTest
    @CsvSource({
        "SELLING,999999,5,scheduled",
        "SELLING,1000000,5,open",
        "SELLING,1999999,5,open",
        "SELLING,1500000,0,sold_out",
        "SELLING,999999,0,scheduled",
        "SELLING,2000000,5,ended",
        "SELLING,2000000,0,ended",
        "PAUSED,1500000,5,paused",
        "PAUSED,999999,5,paused",
        "PAUSED,1500000,0,paused",
        "PAUSED,2000000,5,ended",
        "ENDED,999999,5,ended",
        "ENDED,1500000,0,ended",
        "LOADING,1500000,0,recovering"
    })
    void shouldShowTheStateOfTheInstant(SaleRow.Phase phase, long now, int remaining, String state) {
        assertEquals(state, view(phase).with(status(true, remaining, 7)).state(now));
    }

    @ParameterizedTest
    @EnumSource(
            value = SaleRow.Phase.class,
            names = {"ENDED"},
            mode = EnumSource.Mode.EXCLUDE)
    void shouldRecoverWhileRedisHasNotSaidThatItSells(SaleRow.Phase phase) {
        for (long now : new long[] {STARTS - 1, STARTS, ENDS - 1}) {
            assertEquals("recovering", view(phase).state(now));
            assertEquals("recovering", view(phase).with(status(false, 0, 7)).state(now));
            assertEquals("recovering", view(phase).with(absent()).state(now));
        }
    }

    @Test
    void shouldRecoverAsLongAsTheLedgerSaysSoWhateverRedisSays() {
        SaleRow rebuilt =
                new SaleRow("s1", "t", "", "", 990, "CNY", 5, 1, STARTS, ENDS, 900, 1, 1, SaleRow.Phase.SELLING, true);
        SaleView sale = SaleView.of(rebuilt).with(status(true, 5, 7));

        assertEquals("recovering", sale.state(STARTS - 1));
        assertEquals("recovering", sale.state(STARTS));
        assertEquals("ended", sale.state(ENDS));
    }

    @Test
    void shouldBeOverAtItsEndWhateverRedisSays() {
        assertEquals("ended", view(SaleRow.Phase.SELLING).state(ENDS));
        assertEquals("ended", view(SaleRow.Phase.SELLING).with(absent()).state(ENDS));
    }

    @Test
    void shouldBeSoldOutForWhoCertainlyHoldsNothing() {
        SaleView sale = soldOut(7, 7);

        assertTrue(sale.isSoldOutFor("stranger"));
        assertFalse(sale.isSoldOutFor("holder"));
    }

    @Test
    void shouldAskRedisForAHashThatCollides() {
        assertEquals("Aa".hashCode(), "BB".hashCode());
        SaleView sale = view(SaleRow.Phase.SELLING)
                .with(status(true, 0, 7))
                .with(Holders.of(1, 7, new int[] {"Aa".hashCode()}));

        assertFalse(sale.isSoldOutFor("BB"));
    }

    @Test
    void shouldAskRedisUnlessTheHoldersAreThoseOfTheLastAcceptingCall() {
        assertFalse(soldOut(6, 7).isSoldOutFor("stranger"));
        assertFalse(soldOut(8, 7).isSoldOutFor("stranger"));
        SaleView otherEpoch =
                view(SaleRow.Phase.SELLING).with(status(true, 0, 7)).with(Holders.of(2, 7, new int[0]));
        assertFalse(otherEpoch.isSoldOutFor("stranger"));
    }

    @Test
    void shouldAskRedisWhileAnythingIsUncertain() {
        Holders holders = Holders.of(1, 7, new int[0]);
        SaleView selling = view(SaleRow.Phase.SELLING);

        assertFalse(selling.with(holders).isSoldOutFor("stranger"), "no status");
        assertFalse(selling.with(status(true, 0, 7)).isSoldOutFor("stranger"), "no holders");
        assertFalse(selling.with(holders).with(status(true, 1, 7)).isSoldOutFor("stranger"), "a unit is left");
        assertFalse(selling.with(holders).with(status(false, 0, 7)).isSoldOutFor("stranger"), "not armed");
        assertFalse(selling.with(holders).with(absent()).isSoldOutFor("stranger"), "absent");
    }

    @Test
    void shouldKeepManyHoldersApart() {
        HolderHashes hashes = new HolderHashes();
        for (int i = 0; i < 5_000; i++) {
            hashes.add("holder" + i);
        }
        Holders holders = Holders.of(1, 7, hashes.toArray());

        for (int i = 0; i < 5_000; i++) {
            assertTrue(holders.mayContain("holder" + i));
        }
        assertFalse(holders.mayContain("stranger"));
    }

    private static SaleView soldOut(long holdersSeq, long seq) {
        return view(SaleRow.Phase.SELLING)
                .with(status(true, 0, seq))
                .with(Holders.of(1, holdersSeq, new int[] {"holder".hashCode()}));
    }

    private static SaleView view(SaleRow.Phase phase) {
        return SaleView.of(new SaleRow("s1", "t", "", "", 990, "CNY", 5, 1, STARTS, ENDS, 900, 1, 1, phase, false));
    }

    private static SaleStatus status(boolean armed, int remaining, long seq) {
        return new SaleStatus(STARTS, true, armed, 1, "selling", remaining, seq, 0, 0, 1, 5, 0);
    }

    private static SaleStatus absent() {
        return SaleStatus.absent(STARTS);
    }
}
