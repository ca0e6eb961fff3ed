package io.seckill.loadtest;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AuditCommandTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final TokenMint MINT = TokenMint.of("k:c2VjcmV0", "seckill");

    private Vertx vertx;

    @BeforeEach
    void open() {
        vertx = Vertx.vertx();
    }

    @AfterEach
    void close() throws Exception {
        Blocking.await(vertx.close(), PATIENCE);
    }

    private static String audit(String management, String saleId, boolean[] balanced) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        // Nothing listens on port 1: a test that gets as far as MySQL fails.
        StackAddress stack = new StackAddress(List.of(), List.of(management), "127.0.0.1", 1, "u", "p", "seckill");
        balanced[0] = AuditCommand.run(stack, MINT, saleId, new PrintStream(bytes, true, StandardCharsets.UTF_8));
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void shouldSayThatThereIsNoSuchSale() throws Exception {
        StubShop shop = Blocking.await(
                StubShop.open(vertx, (request, n) -> StubShop.refuse(request, 404, "not_found")), PATIENCE);
        boolean[] balanced = {true};

        String text = audit(shop.url(), "nope", balanced);

        assertFalse(balanced[0]);
        assertTrue(text.contains("there is no sale 'nope'"), text);
    }

    @Test
    void shouldAskAsAnOperatorAndKeepTheIdInItsPlace() throws Exception {
        String[] asked = new String[2];
        StubShop shop = Blocking.await(
                StubShop.open(vertx, (request, n) -> {
                    asked[0] = request.uri();
                    asked[1] = request.getHeader("Authorization");
                    StubShop.refuse(request, 403, "forbidden");
                }),
                PATIENCE);
        boolean[] balanced = {true};

        String text = audit(shop.url(), "a/../b?c", balanced);

        assertFalse(balanced[0]);
        assertTrue(text.contains("403 forbidden"), text);
        assertTrue(asked[0].equals("/admin/v1/sales/a%2F..%2Fb%3Fc/audit"), asked[0]);
        assertTrue(asked[1].startsWith("Bearer "), asked[1]);
    }

    @Test
    void shouldSayThatNobodyAnswers() {
        boolean[] balanced = {true};

        String text = audit("http://127.0.0.1:1", "s1", balanced);

        assertFalse(balanced[0]);
        assertTrue(text.contains("Cannot audit"), text);
    }
}
