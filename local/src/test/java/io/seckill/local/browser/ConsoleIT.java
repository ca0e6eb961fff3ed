package io.seckill.local.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.local.LocalStack;
import io.seckill.local.StackUser;
import io.seckill.schema.testing.Await;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** The console as an operator uses it, in a real browser, on a whole stack. */
class ConsoleIT {
    @TempDir
    private static Path home;

    private static ConsoleFixture fixture;
    private static LocalStack stack;
    private static StackUser user;
    private static Browser browser;
    private static ConsolePage console;

    @BeforeAll
    static void up() {
        fixture = ConsoleFixture.start(home);
        stack = fixture.stack();
        user = fixture.user();
        browser = fixture.browser();
        console = fixture.console();
    }

    @AfterAll
    static void down() {
        if (fixture != null) {
            fixture.close();
        }
    }

    @BeforeEach
    void enter() {
        console.enter(user.token("olga", "admin"));
    }

    @AfterEach
    void shouldHaveNothingToComplainAbout() {
        assertEquals(List.of(), browser.complaints());
    }

    @Test
    void shouldLetInOperatorsAlone() throws IOException {
        console.open();
        console.shouldBeAccessible("sign-in");
        browser.picture("console-sign-in");
        console.signIn("no.such.token");
        browser.awaitText("#sign-in-error", "unauthenticated");
        console.signIn(user.token("ann", null));
        browser.awaitText("#sign-in-error", "This token is not an operator's (forbidden)");
        console.signIn(user.token("olga", "admin"));
        browser.awaitText("#who", "olga");

        browser.script("sessionStorage.setItem('seckill.operator', 'no.longer.valid')");
        browser.awaitText("#sign-in-error", "unauthenticated");
        assertFalse(browser.find("#console").isDisplayed());
    }

    @Test
    void shouldCreateASaleThatTheShopShows() throws Exception {
        browser.press("#new-sale");
        browser.awaitThere("dialog[open]");
        console.shouldBeAccessible("a new sale");
        browser.picture("console-new-sale");
        console.fill("title", "Tea <img src=x onerror=alert(1)>");
        console.fill("id", "tea-1");
        console.fill("stock", "12");
        console.fill("price", "49.90");
        console.fill("currency", "not");
        console.confirm();
        assertTrue(browser.has("dialog[open]"), "the browser asks for capital letters");
        console.fill("currency", "CNY");
        console.confirmed();

        long created = System.nanoTime();
        user.awaitState("tea-1", "open");
        System.out.printf("the shop shows a new sale after %d ms%n", (System.nanoTime() - created) / 1_000_000);
        console.awaitState("open");
        String tab = browser.newTab();
        browser.open(stack.addresses().get("SECKILL_GATEWAYS").split(" ")[1] + "/sales/tea-1");
        browser.awaitText("h1", "Tea <img src=x onerror=alert(1)>");
        browser.showTab(tab);
        assertEquals("Tea <img src=x onerror=alert(1)>", browser.text("#sale-title"));
        assertEquals("12 of 12 left", browser.text("#sale .left-big"));
        browser.awaitText("#sale .facts", "CN¥49.90");

        browser.press("#new-sale");
        console.fill("title", "Coffee");
        console.fill("id", "tea-1");
        console.confirm();
        browser.awaitText("dialog[open] .problem", "(idempotency_key_reused)");
        console.fill("id", "coffee-1");
        console.fill("endsAt", "2020-01-01T00:00:00");
        console.confirm();
        browser.awaitText("dialog[open] .problem", "endsAt must be in the future");
        console.dismiss();
    }

    @Test
    void shouldScheduleASaleAndChangeIt() {
        browser.press("#new-sale");
        console.fill("title", "Later");
        console.fill("id", "later-1");
        console.fill("startsAt", "2031-01-01T10:00:00");
        console.fill("endsAt", "2031-01-01T12:00:00");
        console.confirmed();
        console.awaitState("scheduled");
        browser.awaitText("#sale .countdown", "opens in");

        console.ask("edit");
        assertFalse(console.mayConfirm(), "nothing was changed yet");
        console.fill("title", "Sooner");
        console.fill("startsAt", "2030-12-31T10:00:00");
        console.confirmed();
        browser.awaitText("#sale-title", "Sooner");
        browser.awaitText("#trail", "changed");
    }

    @Test
    void shouldPauseResumeRestockAndEndASale() throws IOException {
        String saleId = user.openSale(10);
        console.show(saleId);
        console.awaitState("open");

        console.ask("pause");
        assertTrue(console.question().contains("Pause “Test” (" + saleId + ")?"), console.question());
        assertEquals("Cancel", browser.focused().getText());
        browser.focused().sendKeys(Keys.ESCAPE);
        Await.until("the dialog is closed", () -> !browser.has("dialog[open]"));
        assertEquals("do-pause", browser.focused().getDomAttribute("id"));
        browser.focused().sendKeys(Keys.ENTER);
        console.confirmed();
        console.awaitState("paused");
        user.awaitState(saleId, "paused");

        console.ask("resume");
        console.confirmed();
        user.awaitState(saleId, "open");
        console.awaitState("open");

        console.ask("restock");
        assertFalse(console.mayConfirm(), "how many is not said");
        console.fill("quantity", "15");
        assertTrue(console.question().contains("Stock: 10 → 25 units"), console.question());
        console.shouldBeAccessible("restock");
        browser.picture("console-restock");
        console.confirmed();
        browser.awaitText("#sale .left-big", "25 of 25 left");

        console.ask("end");
        console.fill("confirm", "another");
        assertFalse(console.mayConfirm(), "another id");
        browser.picture("console-end");
        console.fill("confirm", saleId);
        console.confirmed();
        user.awaitState(saleId, "ended");
        console.awaitState("ended");
        Await.until(
                "nothing can be done any more", () -> !browser.find("#do-end").isEnabled());
        for (String done : List.of("paused", "resumed", "restocked", "ended")) {
            browser.awaitText("#trail", done);
        }
        browser.awaitText("#trail", "olga");
    }

    @Test
    void shouldShowTheAuditAsAnEquationThatBalancesOrNot() throws Exception {
        String saleId = user.openSale(10);
        console.show(saleId);
        String orderId = "";
        for (int i = 0; i < 3; i++) {
            orderId = user.buy(saleId, "buyer-" + i).json().getString("id");
        }
        console.awaitAudit("good", "10 = 7 + 0 + 3 + 0 + 0 + 0");
        browser.awaitText("#audit .verdict", "Balanced");
        assertEquals(console.width("#audit .scale > :first-child"), console.width("#audit .scale > :last-child"), 0.5);
        console.shouldBeAccessible("the console");
        browser.wholePicture("console");
        browser.dark(true);
        browser.wholePicture("console-dark");
        browser.narrow();
        browser.wholePicture("console-narrow");
        browser.wide();
        browser.dark(false);

        fixture.sql("UPDATE orders SET quantity = 3 WHERE order_id = '" + orderId + "'");
        console.awaitAudit("bad", "10 ≠ 7 + 0 + 5 + 0 + 0 + 0");
        browser.awaitText("#audit .verdict", "2 units too many were found.");
        console.shouldBeAccessible("an audit that does not balance");
        browser.wholePicture("console-unbalanced");
        fixture.sql("UPDATE orders SET quantity = 1 WHERE order_id = '" + orderId + "'");
        console.awaitAudit("good", "10 = 7 + 0 + 3 + 0 + 0 + 0");
    }

    @Test
    void shouldReplayDeadLetters() throws Exception {
        String saleId = user.openSale(10);
        fixture.sql("ALTER TABLE orders ADD CONSTRAINT nobody_called_bad CHECK (user_id NOT LIKE 'bad-%')");
        for (int i = 0; i < 3; i++) {
            assertEquals(202, user.buy(saleId, "bad-" + i).status());
        }
        browser.awaitText("#dead-letters", "1 of " + saleId + " for bad-2");
        Await.until("all three", () -> console.rows("#dead-letters") == 3);
        browser.awaitText("#strip", "3 dead letters");
        console.show(saleId);
        console.awaitAudit("good", "10 = 7 + 0 + 0 + 0 + 0 + 3");
        console.shouldBeAccessible("dead letters");
        browser.wholePicture("console-dead-letters");

        fixture.sql("ALTER TABLE orders DROP CONSTRAINT nobody_called_bad");
        browser.press("#dead-letters tbody button");
        browser.awaitThere("dialog[open]");
        console.confirmed();
        Await.until("one is gone", () -> console.rows("#dead-letters") == 2);
        browser.press("#replay-all");
        browser.awaitThere("dialog[open]");
        console.confirmed();
        browser.awaitText("#dead-letters", "None: everything could be stored.");
        console.awaitAudit("good", "10 = 7 + 0 + 3 + 0 + 0 + 0");
        browser.awaitText("#trail", "dead letters replayed");
        fixture.sql("DELETE FROM dead_letter");
    }

    @Test
    void shouldShowWhoIsNotWell() throws IOException {
        browser.awaitText("#strip", "1 of 1 workers ready");
        stack.kill("worker-1");
        browser.awaitText("#strip", "0 of 1 workers ready");
        browser.awaitText("#processes", "silent for");
        console.shouldBeAccessible("a worker that is gone");
        browser.wholePicture("console-worker-gone");
        stack.up(2, 1);
        browser.awaitText("#strip", "1 of 1 workers ready");
        assertEquals(3, console.rows("#processes"), "the dead one is replaced");

        stack.kill("gateway-1");
        browser.awaitText("#stale", "(unreachable)");
        browser.picture("console-stale");
        stack.up(2, 1);
        Await.until("it answers again", () -> browser.text("#stale").isEmpty());
        browser.awaitText("#strip", "2 of 2 gateways ready");
    }

    @Test
    void shouldChartTheWholeSystem() {
        String saleId = user.openSale(100);
        console.show(saleId);
        Await.until("all charts are drawn", () -> console.count(".plot canvas") == 5);
        for (int i = 0; i < 30; i++) {
            user.buy(saleId, "chart-" + i);
        }
        Await.until("a latency is shown", () -> browser.text("#charts .chart:nth-of-type(3) dd")
                .contains("ms"));
        browser.awaitText("#charts .chart:nth-of-type(2) dd", "70");
    }

    @Test
    void shouldSpeakChinese() throws IOException {
        String saleId = user.openSale(10);
        browser.press("#language");
        browser.awaitText("#sales-title", "秒杀活动");
        assertEquals("zh-CN", browser.find("html").getDomAttribute("lang"));
        console.show(saleId);
        browser.awaitText("#audit .verdict", "平衡");
        console.shouldBeAccessible("the console in Chinese");
        browser.wholePicture("console-chinese");
        browser.script("localStorage.clear()");
    }
}
