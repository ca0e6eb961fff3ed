package io.seckill.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The published contract names what there is. Read as text: no YAML parser is worth a dependency for this. */
class OpenApiTest {
    private static final Map<String, Integer> CODES = Map.ofEntries(
            Map.entry("invalid_request", 400),
            Map.entry("unauthenticated", 401),
            Map.entry("forbidden", 403),
            Map.entry("not_found", 404),
            Map.entry("method_not_allowed", 405),
            Map.entry("not_started", 409),
            Map.entry("sold_out", 409),
            Map.entry("sale_ended", 409),
            Map.entry("sale_paused", 409),
            Map.entry("limit_exceeded", 409),
            Map.entry("already_purchased", 409),
            Map.entry("not_payable", 409),
            Map.entry("not_cancellable", 409),
            Map.entry("rate_limited", 429),
            Map.entry("body_too_large", 413),
            Map.entry("unsupported_media_type", 415),
            Map.entry("idempotency_key_reused", 422),
            Map.entry("headers_too_large", 431),
            Map.entry("internal_error", 500),
            Map.entry("overloaded", 503),
            Map.entry("recovering", 503),
            Map.entry("outcome_unknown", 503));

    private final String document = read();

    @Test
    void shouldHaveEachPath() {
        List<String> paths = document.lines()
                .filter(line -> line.matches(" {2}/.*:"))
                .map(line -> line.substring(2, line.length() - 1))
                .toList();
        assertEquals(
                List.of(
                        "/api/v1/sales",
                        "/api/v1/sales/{saleId}",
                        "/api/v1/sales/{saleId}/events",
                        "/api/v1/sales/{saleId}/orders",
                        "/api/v1/orders",
                        "/api/v1/orders/{orderId}",
                        "/api/v1/orders/{orderId}/events",
                        "/api/v1/orders/{orderId}/payment",
                        "/api/v1/orders/{orderId}/cancel",
                        "/api/v1/payments/events",
                        "/openapi.yaml"),
                paths);
        assertTrue(document.startsWith("openapi: 3.1.0\n"));
    }

    @Test
    void shouldHaveEachProblemCodeWithItsStatus() {
        Map<String, Integer> found = new TreeMap<>();
        Matcher code = Pattern.compile("(?m)^ +- ([a-z_]+) # (\\d{3})").matcher(document);
        while (code.find()) {
            found.put(code.group(1), Integer.valueOf(code.group(2)));
        }
        assertEquals(new TreeMap<>(CODES), found);
    }

    @Test
    void shouldHaveTheStatesOfSalesAndOrders() {
        assertTrue(document.contains("enum: [scheduled, open, sold_out, paused, ended, recovering]"));
        assertTrue(document.contains("enum: [queued, pending_payment, paid, cancelled, expired, rejected]"));
    }

    @Test
    void shouldReferToNothingThatIsMissing() {
        Matcher reference =
                Pattern.compile("\"#/components/([A-Za-z]+)/([A-Za-z]+)\"").matcher(document);
        int references = 0;
        while (reference.find()) {
            Pattern definition = Pattern.compile(
                    "(?ms)^ {2}" + reference.group(1) + ":$(?:(?!^ {0,2}\\S).)*?^ {4}" + reference.group(2) + ":$");
            assertTrue(definition.matcher(document).find(), reference.group());
            references++;
        }
        assertTrue(references > 20);
        assertFalse(document.contains("\t"));
    }

    private static String read() {
        try (InputStream in = OpenApiTest.class.getResourceAsStream("/openapi.yaml")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
