package io.seckill.local.browser;

import io.seckill.local.LaunchFailure;
import io.seckill.local.LocalStack;
import io.seckill.local.Progress;
import io.seckill.local.Settings;
import io.seckill.local.StackUser;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/** A stack of two gateways and a worker, a browser, and somebody who meddles with the ledger. */
record ConsoleFixture(LocalStack stack, StackUser user, Browser browser, ConsolePage console) implements AutoCloseable {

    /** Brings all of it up; skips the test where there is no browser. */
    static ConsoleFixture start(Path home) {
        Settings settings = Settings.isolated(Settings.repository(Path.of(".")), home, System.getenv());
        Browser browser = Browser.start(settings);
        LocalStack stack = new LocalStack(settings, new Progress(System.out));
        try {
            stack.up(2, 1);
        } catch (LaunchFailure e) {
            browser.close();
            stack.down();
            throw e;
        }
        String management = stack.addresses().get("SECKILL_MANAGEMENT").split(" ")[0];
        return new ConsoleFixture(stack, new StackUser(stack), browser, new ConsolePage(browser, management));
    }

    /** As the database's owner. */
    void sql(String sql) throws SQLException {
        Map<String, String> address = stack.addresses();
        String url = "jdbc:mariadb://%s:%s/%s"
                .formatted(
                        address.get("SECKILL_MYSQL_HOST"),
                        address.get("SECKILL_MYSQL_PORT"),
                        address.get("SECKILL_MYSQL_DATABASE"));
        try (Connection connection = DriverManager.getConnection(
                        url, address.get("SECKILL_MYSQL_USER"), address.get("SECKILL_MYSQL_PASSWORD"));
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() {
        browser.close();
        user.close();
        stack.down();
    }
}
