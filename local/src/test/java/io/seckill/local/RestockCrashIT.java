package io.seckill.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.local.Shoppers.Answer;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A gateway or worker dies at each step of a unit's way back on sale, and the unit comes back once. */
class RestockCrashIT {
    @TempDir
    private static Path home;

    private static Settings settings;
    private static LocalStack stack;
    private static Shoppers shoppers;

    @BeforeAll
    static void up() {
        settings = Settings.isolated(Settings.repository(Path.of(".")), home, System.getenv());
        stack = new LocalStack(settings, new Progress(System.out));
        stack.up(1, 1);
        shoppers = new Shoppers(stack);
    }

    @AfterAll
    static void down() {
        try {
            if (shoppers != null) {
                shoppers.close();
            }
        } finally {
            stack.down();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cancel-before-commit", "cancel-committed", "cancel-released", "cancel-marked"})
    void shouldGiveTheUnitBackOnceWhereverTheGatewayDies(String point) {
        restart("gateway-1", point);
        String saleId = shoppers.openSale(2, 600);
        String order = Shoppers.result(shoppers.buy(0, saleId, "ann")).id();
        Shoppers.await("it is stored", () -> shoppers.states(saleId).equals(Map.of("pending_payment", 1)));

        Future<Answer> cancelling = shoppers.act(0, "cancel", order, "ann");
        Shoppers.await(
                "the gateway dies at " + point, () -> stack.live("gateway-1").isEmpty());
        assertTrue(cancelling.failed() || !cancelling.isComplete(), "the shopper has no answer");
        stack.up(1, 1);

        assertEquals(
                200, Shoppers.result(shoppers.act(0, "cancel", order, "ann")).status());
        assertBackOnce(saleId, 2, "cancelled");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"expire-before-commit", "expire-committed", "restock-read", "restock-released", "restock-marked"
            })
    void shouldGiveTheUnitBackOnceWhereverTheWorkerDies(String point) {
        restart("worker-1", point);
        String saleId = shoppers.openSale(2, 1);
        assertEquals(202, Shoppers.result(shoppers.buy(0, saleId, "bob")).status());
        Shoppers.await(
                "the worker dies at " + point, () -> stack.live("worker-1").isEmpty());
        stack.up(1, 1);

        assertBackOnce(saleId, 2, "expired");
        // What was bought last expires too; a worker that is to die later must not find it when it starts.
        Shoppers.await("all is back", () -> shoppers.sale(0, saleId).getInteger("remaining") == 2);
        Shoppers.await(
                "nothing is open", () -> shoppers.number("SELECT COUNT(*) FROM restock WHERE applied_at IS NULL") == 0);
    }

    private static void restart(String name, String crashAt) {
        // In good order: what it had done but not yet acknowledged would lead the next one to the point too early.
        stack.terminate(name);
        new LocalStack(settings.with(Map.of("SECKILL_CRASH_AT", crashAt)), new Progress(System.out)).up(1, 1);
    }

    private static void assertBackOnce(String saleId, int stock, String state) {
        Shoppers.await("the unit is back", () -> shoppers.sale(0, saleId).getInteger("remaining") == stock);
        Shoppers.await(
                "nothing is open", () -> shoppers.number("SELECT COUNT(*) FROM restock WHERE applied_at IS NULL") == 0);
        assertEquals(Map.of(state, 1), shoppers.states(saleId));
        assertEquals(stock, shoppers.sale(0, saleId).getInteger("remaining"));
        assertEquals(0, shoppers.number("SELECT sold FROM sale_row WHERE sale_id = '" + saleId + "'"));
        assertEquals(1, shoppers.number("SELECT COUNT(*) FROM restock WHERE sale_id = '" + saleId + "'"));
        shoppers.assertBalanced(shoppers.audit(saleId));
        // Whoever buys gets exactly what is there.
        for (int i = 0; i < stock; i++) {
            assertEquals(
                    202, Shoppers.result(shoppers.buy(0, saleId, "next-" + i)).status());
        }
        assertEquals(
                409, Shoppers.result(shoppers.buy(0, saleId, "one-too-many")).status());
    }
}
