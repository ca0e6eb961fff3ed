package io.seckill.schema.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RedisAccessTest {
    private static final Pattern CALL = Pattern.compile("redis\\.call\\('([A-Z]+)'");

    @Test
    void shouldLetAWorkerCallWhatTheFunctionsCall() throws IOException {
        Set<String> called = called();

        assertTrue(RedisAccess.rules(Role.WORKER).containsAll(called), called::toString);
    }

    @Test
    void shouldLetAGatewayCallWhatItsFunctionsCall() throws IOException {
        Set<String> others = called();
        others.removeAll(RedisAccess.rules(Role.GATEWAY));

        assertEquals(List.of("+unlink"), List.copyOf(others), "only a rebuild throws away");
    }

    @ParameterizedTest
    @EnumSource
    void shouldOpenNoDoorToEverything(Role role) {
        for (String rule : RedisAccess.rules(role)) {
            assertTrue(rule.matches("~seckill:.*|&seckill:[a-z]+|\\+[a-z_]+(\\|[a-z]+)?"), rule);
        }
    }

    private static Set<String> called() throws IOException {
        try (InputStream in = RedisAccessTest.class.getResourceAsStream("/redis/seckill.lua")) {
            String source = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return CALL.matcher(source)
                    .results()
                    .map(call -> "+" + call.group(1).toLowerCase(Locale.ROOT))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
