package io.seckill.local.browser;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** For tests that visit a shop: one for each class, and each test finds it as nobody had been there. */
abstract class InTheShop {
    static Shop shop;
    static Browser browser;

    @TempDir
    private static Path home;

    @BeforeAll
    static void up() {
        // That of the class before is closed: nobody is to close it again if this one does not start.
        shop = null;
        shop = new Shop(home);
        browser = shop.browser;
    }

    @AfterAll
    static void down() {
        if (shop != null) {
            shop.close();
        }
    }

    @AfterEach
    void leave() {
        shop.leave();
    }
}
