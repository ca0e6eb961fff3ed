package io.seckill.local.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.seckill.local.LaunchFailure;
import io.seckill.local.LocalStack;
import io.seckill.local.Progress;
import io.seckill.local.Settings;
import io.seckill.local.StackUser;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A whole stack with one gateway, and a browser in front of its shop. */
final class Shop implements AutoCloseable {
    /** What the buy button is, and what stands beside it. */
    static final String BUTTON = "#actions .primary:not([aria-disabled=true])";

    static final String ACTIONS = "#actions";
    static final String MESSAGE = "#message";

    final Browser browser;
    final LocalStack stack;
    final StackUser user;
    final String address;

    /** @param home of the stack, an empty folder */
    Shop(Path home) {
        // With keys of somebody else there would be no page that signs in.
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.remove("SECKILL_JWT_KEYS");
        Settings settings = Settings.isolated(Settings.repository(Path.of(".")), home, environment);
        browser = Browser.start(settings);
        stack = new LocalStack(settings, new Progress(System.out));
        try {
            stack.up(1, 1);
        } catch (LaunchFailure e) {
            browser.close();
            stack.down();
            throw e;
        }
        user = new StackUser(stack);
        address = stack.addresses().get("SECKILL_GATEWAYS");
    }

    /** A sale with these terms, which the gateway shows in this state. */
    String sale(String state, JsonObject terms) {
        String saleId = user.createSale(new JsonObject().put("stock", 100).mergeIn(terms));
        user.awaitState(saleId, state);
        return saleId;
    }

    String openSale() {
        return sale("open", new JsonObject());
    }

    /** Opens a sale's page, signed in. */
    void visit(String saleId, String name) {
        // Another fragment alone would not load the page anew.
        browser.open("about:blank");
        browser.open(address + "/sales/" + saleId + "#token=" + user.token(name, null));
    }

    /** Fails if a script failed or did what the policy forbids; makes everything ready for the next visitor. */
    void leave() {
        assertEquals(List.of(), browser.complaints());
        browser.wide();
        browser.dark(false);
        browser.scripts(true);
        browser.open(address);
        browser.forget();
    }

    @Override
    public void close() {
        browser.close();
        user.close();
        stack.down();
    }
}
