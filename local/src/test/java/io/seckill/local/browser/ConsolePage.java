package io.seckill.local.browser;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.seckill.schema.testing.Await;
import org.openqa.selenium.WebElement;

/** The console as an operator handles it. */
final class ConsolePage {
    private final Browser browser;
    private final String url;

    /** @param url of a gateway's management listener */
    ConsolePage(Browser browser, String url) {
        this.browser = browser;
        this.url = url;
    }

    /** Opens it in the state of somebody who never was there. */
    void open() {
        browser.open(url + "/");
        browser.forget();
        browser.reload();
        browser.awaitThere("#sign-in:not([hidden])");
    }

    void signIn(String token) {
        browser.script("document.getElementById('token').value = arguments[0]", token);
        browser.press("#sign-in button");
    }

    /** Opens it, signed in, and waits until something was heard. */
    void enter(String token) {
        open();
        signIn(token);
        browser.awaitText("#strip", "2 of 2 gateways ready");
    }

    void show(String saleId) {
        browser.script("location.hash = 'sale=' + arguments[0]", saleId);
        browser.awaitText("#sale .facts", saleId);
    }

    void awaitState(String state) {
        browser.awaitThere("#sale .badge[data-state='" + state + "']");
    }

    /** Presses a control of the sale and waits for the question. */
    void ask(String control) {
        browser.press("#do-" + control);
        browser.awaitThere("dialog[open]");
    }

    /** What the open dialog says. */
    String question() {
        return browser.text("dialog[open]");
    }

    /** Fills a field of the open dialog, as typing does. */
    void fill(String name, String value) {
        WebElement field = browser.find("dialog[open] [name='" + name + "']");
        browser.script(
                "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('input', { bubbles: true }))",
                field,
                value);
    }

    boolean mayConfirm() {
        return browser.find("dialog[open] [type='submit']").isEnabled();
    }

    void confirm() {
        browser.press("dialog[open] [type='submit']");
    }

    /** Confirms, and waits until it was done. */
    void confirmed() {
        confirm();
        Await.until("it is done: " + browser.text("dialog[open] .problem"), () -> !browser.has("dialog[open]"));
    }

    void dismiss() {
        browser.press("dialog[open] [type='button']");
        Await.until("the dialog is closed", () -> !browser.has("dialog[open]"));
    }

    /** Waits until the newest count is of this verdict, and of this equation. */
    void awaitAudit(String verdict, String equation) {
        browser.awaitText("#audit .equation", equation);
        browser.awaitThere("#audit .verdict[data-verdict='" + verdict + "']");
    }

    /** Rows of a panel's table. */
    long rows(String panel) {
        return count(panel + " tbody tr");
    }

    long count(String css) {
        return (Long) browser.script("return document.querySelectorAll(arguments[0]).length", css);
    }

    /** CSS pixels that an element's children take, side by side. */
    double width(String css) {
        Object width = browser.script(
                "return [...document.querySelector(arguments[0]).children]"
                        + ".reduce((sum, one) => sum + one.getBoundingClientRect().width, 0)",
                css);
        return ((Number) width).doubleValue();
    }

    /** No violations, nothing beyond the edge: on a light desktop and on a dark telephone. */
    void shouldBeAccessible(String what) {
        Axe.check(browser, what);
        browser.dark(true);
        browser.narrow();
        Axe.check(browser, what + ", dark and narrow");
        assertFalse(browser.scrollsSideways(), () -> what + " is wider than a telephone");
        browser.dark(false);
        browser.wide();
    }
}
