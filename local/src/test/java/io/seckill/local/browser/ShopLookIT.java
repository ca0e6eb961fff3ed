package io.seckill.local.browser;

import static io.seckill.local.browser.Shop.ACTIONS;
import static io.seckill.local.browser.Shop.BUTTON;
import static io.seckill.local.browser.Shop.MESSAGE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** How the shop's pages look: each state in both schemes and on a small telephone, checked for everybody's access and pictured. */
class ShopLookIT extends InTheShop {
    private static final JsonObject PHONE = new JsonObject()
            .put("title", "Wireless headphones, midnight blue")
            .put("description", "Forty hours of sound, and quiet when you want it.\nShips within two days.")
            .put("price", new JsonObject().put("amount", 49_900).put("currency", "CNY"));

    @Test
    void shouldLookWellWhileOneBuys() throws IOException {
        String saleId = shop.sale("open", PHONE.copy().put("stock", 3).put("maxPerUser", 2));
        shop.user.buy(saleId, "quick");
        browser.open(shop.address + "/sales/" + saleId);
        browser.awaitText(MESSAGE, "Sign in to buy.");
        look("signed-out");
        shop.visit(saleId, "alice");
        browser.awaitText(ACTIONS, "Buy now");
        look("open");

        browser.press(BUTTON);
        browser.awaitThere(BUTTON);
        browser.awaitText(MESSAGE, "Yours. Pay within");
        look("to-be-paid");
        browser.press("#actions .link");
        browser.awaitText("dialog", "Cancel this order?");
        look("cancel");
        browser.press("dialog button");
        browser.press(BUTTON);
        browser.awaitText(MESSAGE, "Paid.");
        look("paid");
        browser.open(shop.address + "/orders");
        browser.awaitText("#orders", "Paid");
        look("orders");
    }

    @Test
    void shouldLookWellInEveryStateOfASale() throws IOException {
        shop.visit(
                shop.sale(
                        "scheduled",
                        PHONE.copy()
                                .put(
                                        "startsAt",
                                        Instant.now().plusSeconds(3_000).toString())),
                "waiting");
        browser.awaitText(ACTIONS, "Opens at");
        look("scheduled");

        String soldOut = shop.sale("open", PHONE.copy().put("stock", 1));
        shop.user.buy(soldOut, "quick");
        shop.visit(soldOut, "slow");
        browser.awaitText(MESSAGE, "Sold out.");
        look("sold-out");

        String paused = shop.openSale();
        shop.user.control(paused, "pause");
        shop.visit(paused, "waiting");
        browser.awaitText(MESSAGE, "The sale is paused.");
        look("paused");
        shop.user.control(paused, "resume");
        browser.awaitText(ACTIONS, "Buy now");
        shop.user.control(paused, "end");
        browser.awaitText(MESSAGE, "The sale is over.");
        look("over");
    }

    @Test
    void shouldLookWellWhenTimeToPayIsOver() throws IOException {
        shop.visit(shop.sale("open", PHONE.copy().put("paymentWindowSeconds", 3)), "forgetful");
        browser.press(BUTTON);
        browser.awaitText(MESSAGE, "Yours. Pay within 00:0");
        browser.awaitText(MESSAGE, "Not paid in time.");
        browser.awaitText(ACTIONS, "Buy again");
        look("expired");
    }

    @Test
    void shouldLookWellWhileItTriesAgain() throws IOException {
        shop.visit(shop.sale("open", PHONE), "unlucky");
        browser.awaitText(ACTIONS, "Buy now");
        browser.script("""
                const real = window.fetch;
                window.fetch = (url, call) => /sales.*orders$/.test(url)
                  ? Promise.resolve(new Response(JSON.stringify({ code: 'outcome_unknown', title: '' }),
                    { status: 503, headers: { 'retry-after': '600' } })) : real(url, call);
                """);
        browser.press(BUTTON);
        browser.awaitText(MESSAGE, "Your order may have gone through.");
        look("unknown");
        browser.press("#actions .link");
        browser.awaitText(MESSAGE, "Stopped.");
    }

    @Test
    void shouldListTheSales() throws IOException {
        shop.sale("open", PHONE);
        String sold = shop.sale("open", PHONE.copy().put("title", "Kettle").put("stock", 1));
        shop.user.buy(sold, "quick");
        browser.open(shop.address);
        browser.awaitText("[data-sale='" + sold + "'] .state", "Sold out");
        look("list");

        String later = shop.sale(
                "scheduled",
                PHONE.copy()
                        .put("title", "Toaster")
                        .put("startsAt", Instant.now().plusSeconds(1_000).toString()));
        browser.awaitText("[data-sale='" + later + "']", "Toaster");
    }

    @Test
    void shouldShowASaleBeforeAnyScriptRuns() throws IOException {
        String saleId = shop.sale("open", PHONE);
        browser.scripts(false);
        browser.open(shop.address + "/sales/" + saleId);
        browser.picture("without-scripts");
        browser.scripts(true);

        assertEquals("Wireless headphones, midnight blue", browser.text("h1"));
        assertTrue(browser.text("main").contains("100 of 100 left"), () -> browser.text("main"));
        assertTrue(browser.text("main").contains("CN¥499.00"), () -> browser.text("main"));
    }

    @Test
    void shouldSpeakChinese() throws IOException {
        shop.visit(shop.sale("open", PHONE.copy().put("title", "无线耳机 午夜蓝")), "xiaoming");
        browser.awaitText(ACTIONS, "Buy now");
        browser.press("#language");
        browser.awaitText(ACTIONS, "立即抢购");
        assertEquals("zh", browser.script("return document.documentElement.lang"));
        look("chinese");

        browser.reload();
        browser.awaitText(ACTIONS, "立即抢购");
        browser.press("#language");
        browser.awaitText(ACTIONS, "Buy now");
    }

    /** Checks what shows, in all the ways that it can be seen, and keeps pictures of it. */
    private static void look(String name) throws IOException {
        for (boolean dark : new boolean[] {false, true}) {
            browser.dark(dark);
            browser.narrow();
            assertFalse(browser.scrollsSideways(), () -> name + " scrolls sideways on a telephone");
            Axe.check(browser, name + " on a telephone");
            browser.picture(name + (dark ? "-dark" : "") + "-telephone");
            browser.wide();
            Axe.check(browser, name);
            browser.picture(name + (dark ? "-dark" : ""));
        }
        browser.dark(false);
    }
}
