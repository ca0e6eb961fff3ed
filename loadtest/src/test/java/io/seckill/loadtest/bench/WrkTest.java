package io.seckill.loadtest.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class WrkTest {
    @Test
    void shouldReadWhatTheScriptPrints() {
        Wrk.Run run =
                Wrk.Run.parse("RESULT requests=1000 not2xx=100 micros=2000000 p50=1500 p90=2500 p99=9000 max=20000"
                        + " socket=1 timeout=2");

        assertEquals(500, run.perSecond());
        assertEquals(450, run.successesPerSecond());
        assertEquals(1.5, run.p50Ms());
        assertEquals(9, run.p99Ms());
        assertEquals(3, run.broken());
    }

    @Test
    void shouldReadTheRateOfRedisAlone() throws IOException {
        String csv = "\"test\",\"rps\",\"avg_latency_ms\"\n\"FCALL seckill_reserve 4 a b c d\",\"24516.00\",\"1.9\"\n";

        assertEquals(24516, RedisCeiling.perSecond(csv));
    }

    @Test
    void shouldNotTakeErrorsForCalls() {
        String csv = "Error from server: ERR Function not found\n\"test\",\"rps\"\n\"FCALL x\",\"90000.00\"\n";

        assertThrows(IOException.class, () -> RedisCeiling.perSecond(csv));
    }
}
