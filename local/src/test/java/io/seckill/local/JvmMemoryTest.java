package io.seckill.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class JvmMemoryTest {
    @Test
    void shouldAddUpTheHeapsPartsAndNothingElse() throws IOException {
        String parallel = """
                4711:
                 PSYoungGen      total 153088K, used 1000K [0x00000000f5580000, 0x0000000100000000, 0x0000000100000000)
                  eden space 131584K, 0% used [0x00000000f5580000,0x00000000f5580000,0x00000000fd600000)
                 ParOldGen       total 349696K, used 20000K [0x00000000e0000000, 0x00000000f5580000, 0x00000000f5580000)
                  object space 349696K, 5% used [0x00000000e0000000,0x00000000e1388000,0x00000000f5580000)
                 Metaspace       used 40000K, committed 41000K, reserved 1114112K
                """;
        String g1 = """
                4711:
                 garbage-first heap   total 262144K, used 30000K [0x00000000e0000000, 0x0000000100000000)
                  region size 1024K, 2 young (2048K), 0 survivors (0K)
                 Metaspace       used 40000K, committed 41000K, reserved 1114112K
                """;

        assertEquals(21_000 * 1024, JvmMemory.usedBytes(parallel));
        assertEquals(30_000 * 1024, JvmMemory.usedBytes(g1));
        assertThrows(IOException.class, () -> JvmMemory.usedBytes("4711:\nsome other collector"));
    }

    @Test
    void shouldReadItsOwnProcess() throws IOException {
        JvmMemory own = new JvmMemory(ProcessHandle.current().pid());

        assertTrue(own.liveBytes() > 1_000_000, "live heap");
        assertTrue(own.residentBytes() > own.liveBytes(), "resident");
    }
}
