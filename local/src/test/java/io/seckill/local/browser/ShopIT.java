package io.seckill.local.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.seckill.local.LocalStack;
import io.seckill.local.Progress;
import io.seckill.local.Settings;
import io.seckill.local.StackUser;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shop as a shopper uses it, in a real browser, on a whole stack. */
class ShopIT {
    @TempDir
    private static Path home;

    private static LocalStack stack;
    private static StackUser user;
    private static Browser browser;
    private static String shop;

    @BeforeAll
    static void up() {
        Settings settings = Settings.isolated(Settings.repository(Path.of(".")), home, System.getenv())
                .with(Map.of("SECKILL_SIGN_IN_URL", "/openapi.yaml"));
        browser = Browser.start(settings);
        stack = new LocalStack(settings, new Progress(System.out));
        stack.up(1, 1);
        user = new StackUser(stack);
        shop = stack.addresses().get("SECKILL_GATEWAYS");
    }

    @AfterAll
    static void down() {
        if (browser != null) {
            browser.close();
        }
        if (user != null) {
            user.close();
        }
        if (stack != null) {
            stack.down();
        }
    }

    @AfterEach
    void shouldHaveNothingToComplainAbout() {
        assertEquals(List.of(), browser.complaints());
        browser.forget();
        browser.wide();
        browser.dark(false);
    }

    @Test
    void shouldSellAndTakeThePayment() throws IOException {
        String saleId = user.createSale(new JsonObject().put("stock", 5).put("title", "Headphones <b>&"));
        user.awaitState(saleId, "open");
        visit(saleId, "alice");
        browser.awaitText("#actions", "Buy now");
        assertEquals("Headphones <b>&", browser.text("h1"));
        browser.picture("open");

        browser.press("#actions .primary");
        browser.awaitText("#message", "Yours. Pay within");
        browser.picture("to-be-paid");
        browser.press("#actions .primary");
        browser.awaitText("#message", "Paid. It is yours.");
        browser.picture("paid");

        browser.awaitText(".left", "4 of 5 left");
        assertEquals(1, user.audit(saleId).getInteger("paid"));
    }

    private static void visit(String saleId, String name) {
        browser.open(shop + "/sales/" + saleId + "#token=" + user.token(name, null));
    }
}
