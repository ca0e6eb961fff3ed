package io.seckill.gateway.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.schema.redis.BuyerEntry;
import io.seckill.schema.redis.SaleStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where units were at the cut, told by what the buyers' entries say later. */
class AuditCutTest {
    private static final AuditCut CUT = new AuditCut(2, 10);

    @ParameterizedTest
    @CsvSource({
        // entry, had its units at the cut
        "a:1:1:2:10:0, true",
        "a:1:1:2:11:0, false",
        "a:1:1:1:99:0, true",
        "a:1:1:2:0:0, true",
        "r:1:1:2:3:0:9, false",
        "r:1:1:2:3:0:10, false",
        "r:1:1:2:3:0:11, true",
        "r:1:1:2:11:0:12, false",
        "a:2:1:2:9:0:8, true",
        "a:2:1:2:12:0:11, false"
    })
    void shouldTellWhoHeldUnitsAtTheCut(String entry, boolean held) {
        assertEquals(held, CUT.held(BuyerEntry.parse(entry)));
    }

    @ParameterizedTest
    @CsvSource({
        // attempt of the ended order, entry, its units were back at the cut
        "1, a:1:1:2:3:0, false",
        "1, r:1:1:2:3:0:10, true",
        "1, r:1:1:2:3:0:11, false",
        "1, a:2:1:2:9:0:8, true",
        "1, a:2:1:2:12:0:10, true",
        "1, a:2:1:2:12:0:11, false",
        "1, r:2:1:2:9:0:12, true",
        "1, a:3:1:2:9:0:8, true",
        "2, a:1:1:2:3:0, false"
    })
    void shouldTellWhoseUnitsWereBackAtTheCut(int attempt, String entry, boolean back) {
        assertEquals(back, CUT.wasBack(attempt, BuyerEntry.parse(entry)));
    }

    @Test
    void shouldNotBelieveThatUnitsAreBackWhenNothingSaysSo() {
        assertFalse(CUT.wasBack(1, null));
    }

    @Test
    void shouldLookForAnEarlierOrderOfWhoBoughtAgainAfterTheCut() {
        assertTrue(CUT.mayHideAnEarlierOrder(BuyerEntry.parse("a:2:1:2:12:0:11")));
        assertFalse(CUT.mayHideAnEarlierOrder(BuyerEntry.parse("a:1:1:2:12:0")));
        assertFalse(CUT.mayHideAnEarlierOrder(BuyerEntry.parse("a:2:1:2:9:0:8")));
    }

    @Test
    void shouldPutEverythingBeforeTheCutOfASaleThatRedisDoesNotHave() {
        AuditCut cut = AuditCut.of(SaleStatus.absent(5), 3);

        assertTrue(cut.tookBefore(BuyerEntry.parse("a:1:1:3:" + Long.MAX_VALUE + ":0")));
        assertFalse(cut.tookBefore(BuyerEntry.parse("a:1:1:4:1:0")));
    }
}
