package io.seckill.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineTest {
    private static Version version(String text) {
        return Engine.versionIn(text).orElseThrow();
    }

    @Test
    void shouldReadTheVersionThatAProgramPrints() {
        assertEquals(new Version(7, 0), version("Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64"));
        assertEquals(
                new Version(10, 11),
                version(
                        "/opt/1.2/mariadbd  Ver 10.11.19-MariaDB-0+deb12u1 for debian-linux-gnu on x86_64 (Debian 12)"));
        assertEquals(new Version(8, 4), version("/usr/sbin/mysqld  Ver 8.4.3 for Linux on x86_64 (MySQL Community)"));
        assertEquals(Optional.empty(), Engine.versionIn("no such thing"));
    }

    @Test
    void shouldAcceptFromTheOldestThatWeTestWith() {
        assertTrue(Engine.REDIS.accepts(new Version(7, 0)));
        assertFalse(Engine.REDIS.accepts(new Version(6, 2)));
        assertTrue(Engine.RABBITMQ.accepts(new Version(3, 10)));
        assertTrue(Engine.RABBITMQ.accepts(new Version(4, 0)));
        assertFalse(Engine.RABBITMQ.accepts(new Version(3, 9)));
        assertTrue(Engine.MYSQL.accepts(new Version(10, 11)));
        assertFalse(Engine.MYSQL.accepts(new Version(10, 6)));
        assertTrue(Engine.MYSQL.accepts(new Version(8, 0)));
        assertFalse(Engine.MYSQL.accepts(new Version(5, 7)));
    }

    @Test
    void shouldFindTheNewestRabbitOfATreeAndItsVersion(@TempDir Path tree) throws IOException {
        Path sbin = tree.resolve("usr/lib/rabbitmq/lib/rabbitmq_server-3.10.8/sbin");
        Files.createDirectories(sbin);
        Files.createDirectories(sbin.resolveSibling("plugins").resolve("rabbit-3.10.8"));
        Path script = Files.createFile(sbin.resolve("rabbitmq-server"));
        assertTrue(script.toFile().setExecutable(true));

        assertEquals(Optional.of(script), Engine.RABBITMQ.within(tree));
        assertEquals(Optional.of(new Version(3, 10)), Engine.RABBITMQ.versionOf(script, Map.of()));
        assertEquals(Optional.empty(), Engine.REDIS.within(tree));
    }

    @Test
    void shouldCountATreeOnlyWithItsMark(@TempDir Path tree) throws IOException {
        assertFalse(DebianPackages.complete(tree));
        Files.createFile(tree.resolve(".ok"));
        assertTrue(DebianPackages.complete(tree));
    }
}
