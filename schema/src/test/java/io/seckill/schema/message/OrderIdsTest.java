package io.seckill.schema.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class OrderIdsTest {
    @Test
    void shouldDeriveTheSameIdForEver() {
        // Python: uuid5(UUID("6f2d8e0a-0c55-5b52-9d0e-3a7c5e1b9f40"), "friday\nalice\n1")
        assertEquals(UUID.fromString("3872de59-a74f-512e-9beb-e0ab74344cda"), OrderIds.of("friday", "alice", 1));
    }

    @Test
    void shouldBeUuidsOfVersion5() {
        for (int attempt = 1; attempt <= 1_000; attempt++) {
            UUID id = OrderIds.of("friday", "alice", attempt);
            assertEquals(5, id.version());
            assertEquals(2, id.variant());
        }
    }

    @Test
    void shouldDifferForEachSaleUserAndAttempt() {
        UUID id = OrderIds.of("friday", "alice", 1);
        assertEquals(id, OrderIds.of("friday", "alice", 1));
        assertNotEquals(id, OrderIds.of("sunday", "alice", 1));
        assertNotEquals(id, OrderIds.of("friday", "Alice", 1));
        assertNotEquals(id, OrderIds.of("friday", "alice", 2));
    }

    @Test
    void shouldNotConfuseWhereOneIdEndsAndTheNextBegins() {
        String text = "a1b11c111";
        Set<UUID> ids = new HashSet<>();
        int made = 0;
        for (int split = 1; split < text.length(); split++) {
            for (int attempt : new int[] {1, 11, 111}) {
                ids.add(OrderIds.of(text.substring(0, split), text.substring(split), attempt));
                made++;
            }
        }
        assertEquals(made, ids.size());
        assertTrue(ids.add(OrderIds.of("a", "1b11c11", 11)), "the attempt is no part of the user id");
    }
}
