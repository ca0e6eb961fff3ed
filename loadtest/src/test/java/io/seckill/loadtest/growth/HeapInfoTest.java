package io.seckill.loadtest.growth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class HeapInfoTest {
    @Test
    void shouldAddTheGenerationsOfTheParallelCollectorUp() {
        String said = """
                4711:
                 PSYoungGen      total 153088K, used 2000K [0x00000000f5580000, 0x0000000100000000, 0x0000000100000000)
                  eden space 131584K, 1% used [0x00000000f5580000,0x00000000f5780000,0x00000000fd600000)
                 ParOldGen       total 349696K, used 9000K [0x00000000e0000000, 0x00000000f5580000, 0x00000000f5580000)
                  object space 349696K, 2% used [0x00000000e0000000,0x00000000e08ca000,0x00000000f5580000)
                 Metaspace       used 40000K, committed 40500K, reserved 1114112K
                  class space    used 5000K, committed 5200K, reserved 1048576K
                """;

        assertEquals(11_000 * 1024, HeapInfo.usedBytes(said));
    }

    @Test
    void shouldReadTheHeapOfG1() {
        String said = """
                4711:
                 garbage-first heap   total 262144K, used 12345K [0x00000000e0000000, 0x0000000100000000)
                  region size 1024K, 5 young (5120K), 1 survivors (1024K)
                 Metaspace       used 40000K, committed 40500K, reserved 1114112K
                """;

        assertEquals(12_345 * 1024, HeapInfo.usedBytes(said));
    }

    @Test
    void shouldNotTakeAnErrorForAnEmptyHeap() {
        assertThrows(IllegalArgumentException.class, () -> HeapInfo.usedBytes("4711: no such process"));
    }
}
