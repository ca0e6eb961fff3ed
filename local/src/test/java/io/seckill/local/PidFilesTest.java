package io.seckill.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PidFilesTest {
    private final Map<Long, List<String>> processes = Map.of(
            7L, List.of("redis-server", "/home/conf/redis.conf"), 8L, List.of("vi", "/home/conf/redis.conf.bak"));

    @TempDir
    private Path folder;

    private PidFiles pids;

    @BeforeEach
    void open() {
        pids = new PidFiles(folder, pid -> processes.getOrDefault(pid, List.of()));
    }

    @Test
    void shouldKnowAProcessByItsArgument() {
        pids.write("redis", 7);

        assertEquals(OptionalLong.of(7), pids.live("redis", "/home/conf/redis.conf"));
    }

    @Test
    void shouldCallAPidStaleOnceItsProcessIsGone() {
        pids.write("redis", 9);

        assertEquals(OptionalLong.empty(), pids.live("redis", "/home/conf/redis.conf"));
        assertEquals(OptionalLong.of(9), pids.read("redis"));
    }

    @Test
    void shouldNotTakeAForeignProcessWithTheSamePid() {
        pids.write("redis", 8);

        assertEquals(OptionalLong.empty(), pids.live("redis", "/home/conf/redis.conf"));
    }

    @Test
    void shouldTakeATornFileForNone() throws IOException {
        Files.writeString(pids.file("redis"), "");

        assertEquals(OptionalLong.empty(), pids.live("redis", "/home/conf/redis.conf"));
    }

    @Test
    void shouldListNamesThatHaveAFile() throws IOException {
        pids.write("redis", 7);
        pids.write("gateway-1", 8);
        Files.writeString(folder.resolve("stack.properties"), "");

        assertEquals(List.of("gateway-1", "redis"), pids.names());
        pids.delete("redis");
        assertEquals(List.of("gateway-1"), pids.names());
    }

    @Test
    void shouldSeeThisVeryProcess() {
        long self = ProcessHandle.current().pid();

        assertTrue(ProcessTable.alive(self));
        assertTrue(ProcessTable.arguments(self).get(0).endsWith("java"));
    }

    @Test
    void shouldCallAProcessAliveUntilItsLastThreadIsGone() {
        String rest = " 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 %d 18 19";

        assertTrue(ProcessTable.alive("7 (a) b) S" + rest.formatted(1)));
        assertTrue(ProcessTable.alive("7 (java) Z" + rest.formatted(2)));
        assertFalse(ProcessTable.alive("7 (java) Z" + rest.formatted(1)));
    }
}
