package io.seckill.gateway.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.gateway.sale.SaleRow;
import io.seckill.schema.redis.SaleKeys;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NewSaleTest {
    private static final long NOW = Instant.parse("2026-03-01T10:00:00Z").toEpochMilli();

    @Test
    void shouldReadEveryField() {
        SaleRow sale = read(minimal()
                .put("id", "spring-1")
                .put("description", "d")
                .put("imageUrl", "https://example.org/i.png")
                .put("maxPerUser", 3)
                .put("startsAt", "2026-03-01T12:00:00+02:00")
                .put("paymentWindowSeconds", 60));

        assertEquals(
                new SaleRow(
                        "spring-1",
                        "Phone",
                        "d",
                        "https://example.org/i.png",
                        990,
                        "CNY",
                        100,
                        3,
                        NOW,
                        NOW + 3_600_000,
                        60,
                        1,
                        1,
                        SaleRow.Phase.LOADING,
                        false),
                sale);
    }

    @Test
    void shouldHaveDefaults() {
        SaleRow sale = read(minimal());

        assertTrue(SaleKeys.isSaleId(sale.saleId()));
        assertEquals("", sale.description());
        assertEquals("", sale.imageUrl());
        assertEquals(1, sale.maxPerUser());
        assertEquals(NOW, sale.startsMs());
        assertEquals(900, sale.paymentWindowSeconds());
        assertNotEquals(sale.saleId(), read(minimal()).saleId());
    }

    @Test
    void shouldTellAllErrorsAtOnce() {
        JsonObject bad = new JsonObject()
                .put("id", "UPPER")
                .put("title", "")
                .put("description", 1)
                .put("imageUrl", "x".repeat(501))
                .put("price", new JsonObject().put("amount", -1).put("currency", "yuan"))
                .put("stock", 0)
                .put("maxPerUser", 1.5)
                .put("startsAt", "tomorrow")
                .put("endsAt", 5)
                .put("paymentWindowSeconds", "900")
                .put("colour", "red");

        assertEquals(12, errors(bad).size(), () -> errors(bad).toString());
    }

    @Test
    void shouldNameAllThatIsMissing() {
        assertEquals(
                List.of("title", "price.amount", "price.currency", "stock", "endsAt"),
                errors(new JsonObject()).stream()
                        .map(error -> error.split(" ")[0])
                        .toList());
    }

    @ParameterizedTest
    @CsvSource({"stock,100000000", "maxPerUser,10000", "paymentWindowSeconds,2592000"})
    void shouldKeepNumbersWithinBounds(String name, int max) {
        for (Object value : new Object[] {0, -1, max + 1, Long.MAX_VALUE, 1.0, "1", true, new JsonArray()}) {
            assertEquals(
                    List.of(name + " must be a whole number from 1 to " + max),
                    errors(minimal().put(name, value)));
        }
        assertEquals(List.of(), errors(minimal().put(name, max)));
        assertEquals(List.of(), errors(minimal().put(name, 1)));
    }

    @Test
    void shouldRefuseIdsThatNoSaleMayHave() {
        Object[] ids = {"", "-a", "a_b", "Ä", "a b", "{x}", "x".repeat(33), 7, new JsonObject()};
        for (Object id : ids) {
            assertEquals(1, errors(minimal().put("id", id)).size(), "id " + id);
        }
    }

    @Test
    void shouldRefuseTimesThatMakeNoSale() {
        assertEquals(
                List.of("endsAt must be after startsAt"), errors(minimal().put("startsAt", "2026-03-01T11:00:00Z")));
        assertEquals(
                List.of("endsAt must be in the future"),
                errors(minimal().put("startsAt", "2026-03-01T09:00:00Z").put("endsAt", "2026-03-01T10:00:00Z")));
        for (String time :
                new String[] {"2026-03-01", "2026-03-01T11:00:00", "2100-01-01T00:00:00Z", "1969-12-31T23:00:00Z", ""
                }) {
            assertEquals(1, errors(minimal().put("endsAt", time)).size(), time);
        }
    }

    @Test
    void shouldRefuseAPriceOfAnotherForm() {
        for (Object price : new Object[] {990, "990 CNY", new JsonArray(), new JsonObject()}) {
            assertEquals(2, errors(minimal().put("price", price)).size(), "price " + price);
        }
    }

    private static JsonObject minimal() {
        return new JsonObject()
                .put("title", "Phone")
                .put("price", new JsonObject().put("amount", 990).put("currency", "CNY"))
                .put("stock", 100)
                .put("endsAt", "2026-03-01T11:00:00Z");
    }

    private static SaleRow read(JsonObject json) {
        NewSale.Result result = NewSale.read(json, NOW);
        assertEquals(List.of(), result.errors());
        return result.sale();
    }

    private static List<String> errors(JsonObject json) {
        return NewSale.read(json, NOW).errors();
    }
}
