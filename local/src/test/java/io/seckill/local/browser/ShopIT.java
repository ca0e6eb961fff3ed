package io.seckill.local.browser;

import static io.seckill.local.browser.Shop.ACTIONS;
import static io.seckill.local.browser.Shop.BUTTON;
import static io.seckill.local.browser.Shop.MESSAGE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/** Buying as a shopper does it, in a real browser, on a whole stack. */
class ShopIT extends InTheShop {
    private static final int LATE_MS = 500;

    @Test
    void shouldSellAndTakeThePayment() throws IOException {
        String saleId = shop.sale("open", new JsonObject().put("stock", 5).put("title", "Headphones <b>&"));
        shop.visit(saleId, "alice");
        browser.awaitText(ACTIONS, "Buy now");
        assertEquals("Headphones <b>&", browser.text("h1"));

        browser.press(BUTTON);
        browser.awaitText(MESSAGE, "Yours. Pay within");
        browser.press(BUTTON);
        browser.awaitText(MESSAGE, "Paid. It is yours.");

        browser.awaitText(".left", "4 of 5 left");
        assertEquals(1, shop.user.audit(saleId).getInteger("paid"));
    }

    @Test
    void shouldSellToWhoeverSignsInOnTheDemosPage() throws IOException {
        String saleId = shop.openSale();
        browser.open(shop.address + "/sales/" + saleId);
        browser.awaitText(MESSAGE, "Sign in to buy.");
        browser.press(BUTTON);

        browser.awaitThere("#user");
        Axe.check(browser, "the demo's sign-in");
        browser.picture("demo-sign-in");
        browser.find("#user").sendKeys("wei", Keys.ENTER);
        browser.awaitText(ACTIONS, "Buy now");
        browser.awaitText("#account", "wei");
        browser.press(BUTTON);
        browser.awaitText(MESSAGE, "Yours. Pay within");
    }

    @Test
    void shouldOpenOnTheTickWithoutReload() {
        Instant starts = Instant.now().plusSeconds(4);
        String saleId = shop.sale("scheduled", new JsonObject().put("startsAt", starts.toString()));
        shop.visit(saleId, "tick");
        browser.awaitText(ACTIONS, "Opens at");
        browser.awaitText("[data-field=timerLabel]", "Starts in");
        browser.script("""
                window.neverReloaded = true;
                const actions = document.getElementById('actions');
                new MutationObserver(() => {
                  if (actions.textContent.includes('Buy now')) { window.openedAt ??= Date.now(); }
                }).observe(actions, { childList: true });
                """);

        browser.awaitText(ACTIONS, "Buy now");
        browser.press(BUTTON);
        browser.awaitText(MESSAGE, "Yours");

        long late = (Long) browser.script("return window.openedAt") - starts.toEpochMilli();
        System.out.println("The buy button opened " + late + " ms after the start.");
        assertTrue(Math.abs(late) < LATE_MS, () -> "the button opened " + late + " ms after the start");
        assertEquals(true, browser.script("return window.neverReloaded"));
    }

    @Test
    void shouldMakeOneOrderOfAPanicAndPayNothing() {
        String saleId = shop.openSale();
        shop.visit(saleId, "panic");
        browser.awaitText(ACTIONS, "Buy now");

        browser.asyncScript("""
                const done = arguments[0];
                let presses = 0;
                const timer = setInterval(() => {
                  document.querySelector('#actions button')?.click();
                  if (++presses === 20) { clearInterval(timer); done(); }
                }, 50);
                """);

        browser.awaitText(MESSAGE, "Yours. Pay within");
        Object calls = browser.script(
                "return performance.getEntriesByType('resource').filter((one) => /sales.*orders$/.test(one.name)).length");
        assertEquals(1L, calls, "calls that buy");
        JsonObject audit = shop.user.audit(saleId);
        assertEquals(99, audit.getInteger("remaining"));
        assertEquals(0, audit.getInteger("paid"), "nobody meant to pay");
    }

    @Test
    void shouldSaySoldOutAndOpenAgainWhenAUnitComesBack() {
        String saleId = shop.sale("open", new JsonObject().put("stock", 1));
        shop.visit(saleId, "slow");
        browser.awaitText(ACTIONS, "Buy now");

        String orderId = shop.user.buy(saleId, "quick").json().getString("id");
        browser.awaitText(MESSAGE, "Sold out.");
        assertEquals("", browser.text(ACTIONS));

        shop.user.await(
                "the order is cancelled",
                () -> shop.user.act(orderId, "quick", "cancel").status() == 200);
        browser.awaitText(ACTIONS, "Buy now");
    }

    @Test
    void shouldSaySoldOutToAPressThatComesTooLate() {
        String saleId = shop.sale("open", new JsonObject().put("stock", 1));
        shop.visit(saleId, "late");
        browser.awaitText(ACTIONS, "Buy now");
        // This page hears of nothing any more.
        browser.script("Object.defineProperty(document, 'hidden', { value: true });"
                + "document.dispatchEvent(new Event('visibilitychange'))");
        shop.user.buy(saleId, "quick");

        browser.press(BUTTON);

        browser.awaitText(MESSAGE, "Sold out.");
    }

    @Test
    void shouldComeBackByItselfAfterAGatewayDied() throws IOException {
        String saleId = shop.openSale();
        shop.visit(saleId, "patient");
        browser.awaitText(ACTIONS, "Buy now");

        shop.stack.kill("gateway-1");
        browser.press(BUTTON);
        browser.awaitText(MESSAGE, "No connection.");
        browser.awaitText("#connection", "Connection lost.");
        browser.picture("no-connection");
        shop.stack.up(1, 1);

        browser.awaitText(MESSAGE, "Yours. Pay within");
        shop.user.await("the notice is gone", () -> browser.text("#connection").isEmpty());
        assertEquals(99, shop.user.audit(saleId).getInteger("remaining"));
    }

    @Test
    void shouldSayThatASaleRecoversAndGoOn() throws IOException {
        shop.visit(shop.openSale(), "calm");
        browser.awaitText(ACTIONS, "Buy now");

        shop.stack.kill("redis");
        shop.stack.up(1, 1);
        browser.awaitText(MESSAGE, "The sale is recovering");
        browser.picture("recovering");

        browser.awaitText(ACTIONS, "Buy now");
        browser.press(BUTTON);
        browser.awaitText(MESSAGE, "Yours. Pay within");
    }

    @Test
    void shouldShowOneOrderInTwoTabs() {
        String saleId = shop.openSale();
        shop.visit(saleId, "twice");
        browser.awaitText(ACTIONS, "Buy now");
        String first = browser.newTab();
        String second = browser.tab();
        shop.visit(saleId, "twice");
        browser.awaitText(ACTIONS, "Buy now");

        browser.showTab(first);
        browser.press(BUTTON);
        browser.awaitText(MESSAGE, "Yours. Pay within");
        browser.showTab(second);
        // It may have found the order by itself.
        browser.script("const one = document.querySelector('#actions .primary');"
                + "if (one.textContent === 'Buy now') { one.click(); }");
        browser.awaitText(MESSAGE, "Yours. Pay within");
        assertEquals(99, shop.user.audit(saleId).getInteger("remaining"));
        browser.press(BUTTON);
        browser.awaitText(MESSAGE, "Paid.");
        browser.closeTab();
        browser.showTab(first);
        browser.awaitText(MESSAGE, "Paid.");
    }

    @Test
    void shouldSellToAKeyboard() {
        shop.visit(shop.openSale(), "keys");
        browser.awaitText(ACTIONS, "Buy now");

        browser.tabTo("Skip to the content");
        browser.focused().sendKeys(Keys.ENTER);
        browser.tabTo("Buy now");
        browser.focused().sendKeys(Keys.ENTER);
        browser.awaitText(MESSAGE, "Yours. Pay within");
        browser.awaitThere(BUTTON);
        assertEquals("Pay CN¥9.90", browser.focused().getText(), "the focus stays where it was");
        browser.tabTo("Cancel order");
        browser.focused().sendKeys(Keys.ENTER);
        browser.awaitText("dialog", "Cancel this order?");
        browser.tabTo("Yes, cancel it");
        browser.focused().sendKeys(Keys.ENTER);
        browser.awaitText(MESSAGE, "Cancelled.");
        browser.awaitText(ACTIONS, "Buy again");
    }

    @Test
    void shouldTryAgainByItself() {
        String saleId = shop.openSale();
        shop.visit(saleId, "unlucky");
        browser.awaitText(ACTIONS, "Buy now");
        browser.script("""
                const codes = ['overloaded', 'recovering', 'outcome_unknown'];
                const real = window.fetch;
                window.keys = [];
                window.fetch = (url, call) => {
                  if (!/sales.*orders$/.test(url)) { return real(url, call); }
                  window.keys.push(call.headers['idempotency-key']);
                  const code = codes.shift();
                  return code ? Promise.resolve(new Response(JSON.stringify({ code, title: code }),
                    { status: 503, headers: { 'retry-after': '1' } })) : real(url, call);
                };
                """);

        browser.press(BUTTON);
        browser.awaitText(MESSAGE, "Very busy.");
        browser.awaitText(ACTIONS, "Stop trying");
        browser.awaitText(MESSAGE, "The sale is recovering.");
        browser.awaitText(MESSAGE, "Your order may have gone through.");
        browser.awaitText(MESSAGE, "Yours. Pay within");

        assertEquals(4L, browser.script("return window.keys.length"));
        assertEquals(1L, browser.script("return new Set(window.keys).size"), "all tries are one purchase");
    }
}
