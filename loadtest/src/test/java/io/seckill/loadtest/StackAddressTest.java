package io.seckill.loadtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StackAddressTest {

    private static Map<String, String> env() {
        Map<String, String> env = new HashMap<>();
        env.put("SECKILL_GATEWAYS", "http://127.0.0.1:8080/ http://127.0.0.1:8081");
        env.put("SECKILL_MANAGEMENT", " http://127.0.0.1:9080  http://127.0.0.1:9081 ");
        env.put("SECKILL_MYSQL_HOST", "127.0.0.1");
        env.put("SECKILL_MYSQL_PORT", "3307");
        env.put("SECKILL_MYSQL_USER", "seckill");
        env.put("SECKILL_MYSQL_PASSWORD", "hush");
        env.put("SECKILL_MYSQL_DATABASE", "seckill");
        return env;
    }

    @Test
    void shouldReadEveryVariable() {
        StackAddress address = StackAddress.from(env()::get);

        assertEquals(List.of("http://127.0.0.1:8080", "http://127.0.0.1:8081"), address.gateways());
        assertEquals(List.of("http://127.0.0.1:9080", "http://127.0.0.1:9081"), address.management());
        assertEquals("127.0.0.1", address.mysqlHost());
        assertEquals(3307, address.mysqlPort());
        assertEquals("seckill", address.mysqlUser());
        assertEquals("hush", address.mysqlPassword());
        assertEquals("seckill", address.mysqlDatabase());
    }

    @Test
    void shouldAcceptAnEmptyPassword() {
        Map<String, String> env = env();
        env.remove("SECKILL_MYSQL_PASSWORD");

        assertEquals("", StackAddress.from(env::get).mysqlPassword());
    }

    @Test
    void shouldNameAllErrorsAtOnce() {
        Map<String, String> env = env();
        env.remove("SECKILL_MANAGEMENT");
        env.put("SECKILL_GATEWAYS", "http://127.0.0.1:8080 localhost:8081 http://x/y");
        env.put("SECKILL_MYSQL_PORT", "70000");
        env.put("SECKILL_MYSQL_USER", " ");

        String message = assertThrows(IllegalArgumentException.class, () -> StackAddress.from(env::get))
                .getMessage();

        for (String part :
                List.of("SECKILL_MANAGEMENT", "localhost:8081", "http://x/y", "70000", "SECKILL_MYSQL_USER")) {
            assertTrue(message.contains(part), part + " in: " + message);
        }
    }

    @Test
    void shouldRefuseAPortThatIsNoNumber() {
        Map<String, String> env = env();
        env.put("SECKILL_MYSQL_PORT", "mysql");

        assertThrows(IllegalArgumentException.class, () -> StackAddress.from(env::get));
    }

    @Test
    void shouldKeepThePasswordOutOfItsText() {
        String text = StackAddress.from(env()::get).toString();

        assertFalse(text.contains("hush"), text);
        assertTrue(text.contains("127.0.0.1:3307"), text);
    }
}
