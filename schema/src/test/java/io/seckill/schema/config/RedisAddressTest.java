package io.seckill.schema.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is asked of whom, and with whose password. */
class RedisAddressTest {
    private static final RedisAddress SENTINELS =
            new RedisAddress("redis-sentinel://me:hush@s1:7,[::1],s3#main.1", "", "other");

    @Test
    void shouldLeaveAnAddressOfOneServerAsItIs() {
        RedisAddress address = RedisAddress.plain("redis://me:hush@r:1/3");

        assertFalse(address.hasSentinels());
        assertEquals("redis://me:hush@r:1/3", address.server().getEndpoint());
        assertEquals("r:1", address.toString());
    }

    @Test
    void shouldAskSentinelsWithTheirOwnPassword() {
        assertTrue(SENTINELS.hasSentinels());
        assertEquals("main.1", SENTINELS.primaryName());
        assertEquals(List.of("s1:7", "[::1]:26379", "s3:26379"), SENTINELS.sentinels());
        assertEquals("redis://s1:7", SENTINELS.sentinel("s1:7").getEndpoint());
        assertEquals("other", SENTINELS.sentinel("s1:7").getPassword());
        assertNull(new RedisAddress("redis-sentinel://me:hush@s#main", "", "")
                .sentinel("s:1")
                .getPassword());
    }

    @ParameterizedTest
    @CsvSource({
        "redis-sentinel://s#main, 10.0.0.1, redis://10.0.0.1:6379",
        "redis-sentinel://me:hush@s#main, r, redis://me:hush@r:6379",
        "'redis-sentinel://:hush@s,t:2/3#main', ::1, redis://:hush@[::1]:6379/3"
    })
    void shouldGoWhereTheySay(String uri, String host, String expected) {
        assertEquals(expected, new RedisAddress(uri, "", "").server(host, 6379).getEndpoint());
    }

    @Test
    void shouldShowNoPassword() {
        assertEquals("main.1 of Sentinels s1:7,[::1]:26379,s3:26379", SENTINELS.toString());
    }
}
