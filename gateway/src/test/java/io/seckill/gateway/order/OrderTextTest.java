package io.seckill.gateway.order;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OrderTextTest {
    @Test
    void shouldWriteWhatJsonWouldBe() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        OrderText text = new OrderText();
        List<String> users = List.of("ann", "a\"b", "\\", "'</script>", "~!{}", "u".repeat(64));
        for (int i = 0; i < 2_000; i++) {
            Instant created = Instant.ofEpochMilli(1_800_000_000_000L + random.nextInt(3) * 500L);
            OrderJson order = new OrderJson(
                    "00000000-0000-5000-8000-00000000000" + random.nextInt(10),
                    "sale-" + random.nextInt(3),
                    users.get(random.nextInt(users.size())),
                    1 + random.nextInt(3),
                    OrderJson.QUEUED,
                    created,
                    created.plusSeconds(random.nextInt(2) * 900L));

            assertEquals(order.json().encode(), text.of(order).toString(), "seed " + seed);
        }
    }
}
