package io.seckill.local.browser;

import io.seckill.local.Settings;
import io.seckill.schema.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A headless browser as a person would use it, and what it complains about. */
public final class Browser implements AutoCloseable {
    /** A telephone's width in CSS pixels, the least that the pages are made for. */
    public static final int NARROW = 360;

    private static final int MOST_TABS = 30;
    private static final int NARROW_HEIGHT = 740;
    private static final Path PICTURES = Path.of("target", "screenshots");

    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /** Starts one; skips the test where there is none to start. */
    public static Browser start(Settings settings) {
        Optional<Chromium> found = Chromium.find(settings.packages());
        Assumptions.assumeTrue(found.isPresent(), "there is no browser");
        Chromium chromium = found.get();
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium.browser().toFile());
        options.setCapability("goog:loggingPrefs", logs);
        options.addArguments(
                "--headless=new",
                // As root it starts in no other way; it sees pages of ours only.
                "--no-sandbox",
                "--disable-dev-shm-usage",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
                "--no-first-run",
                "--hide-scrollbars",
                "--lang=en-US");
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(chromium.driver().toFile())
                .withEnvironment(chromium.environment())
                .build();
        Browser browser = new Browser(new ChromeDriver(service, options));
        browser.wide();
        return browser;
    }

    public void open(String url) {
        driver.get(url);
    }

    public void reload() {
        driver.navigate().refresh();
    }

    /** A second tab, which is shown from now on; returns the one that was shown. */
    public String newTab() {
        String before = driver.getWindowHandle();
        driver.switchTo().newWindow(WindowType.TAB);
        return before;
    }

    public String tab() {
        return driver.getWindowHandle();
    }

    public void closeTab() {
        driver.close();
    }

    public void showTab(String tab) {
        driver.switchTo().window(tab);
    }

    /** Forgets who was signed in in this tab. */
    public void forget() {
        script("sessionStorage.clear(); localStorage.clear()");
    }

    /** A desktop's window. */
    public void wide() {
        size(1_200, 800, false);
    }

    /** A small telephone. */
    public void narrow() {
        size(NARROW, NARROW_HEIGHT, true);
    }

    public void dark(boolean dark) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    }

    /** Whether scripts run in what is opened from now on. */
    public void scripts(boolean allowed) {
        driver.executeCdpCommand("Emulation.setScriptExecutionDisabled", Map.of("value", !allowed));
    }

    public WebElement find(String css) {
        return driver.findElement(By.cssSelector(css));
    }

    public WebElement focused() {
        return driver.switchTo().activeElement();
    }

    /** Goes on by the Tab key until this text has the focus. */
    public void tabTo(String text) {
        for (int i = 0; i < MOST_TABS && !focused().getText().equals(text); i++) {
            focused().sendKeys(Keys.TAB);
        }
        if (!focused().getText().equals(text)) {
            throw new AssertionError("no way by the keyboard to " + text + "; the focus is on "
                    + focused().getText());
        }
    }

    public void press(String css) {
        awaitThere(css);
        find(css).click();
    }

    /** The text that shows, empty where there is no such element. */
    public String text(String css) {
        return (String) script("return document.querySelector(arguments[0])?.innerText ?? ''", css);
    }

    public boolean has(String css) {
        return (Boolean) script("return document.querySelector(arguments[0]) !== null", css);
    }

    public void awaitText(String css, String part) {
        try {
            Await.until(css + " says " + part, () -> text(css).contains(part));
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "; it says " + text(css) + "; the page: " + text("main"), e);
        }
    }

    public void awaitThere(String css) {
        Await.until("there is " + css, () -> has(css));
    }

    public Object script(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    /** A script that calls its last argument with what it found. */
    public Object asyncScript(String script, Object... arguments) {
        return driver.executeAsyncScript(script, arguments);
    }

    /** Whether something is wider than the window. */
    public boolean scrollsSideways() {
        return (Boolean) script("return document.documentElement.scrollWidth > document.documentElement.clientWidth");
    }

    /** Keeps what shows as {@code target/screenshots/NAME.png}. */
    public void picture(String name) throws IOException {
        Files.createDirectories(PICTURES);
        Files.write(PICTURES.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
    }

    /** Keeps the whole page, however long it is, as {@code target/screenshots/NAME.png}. */
    public void wholePicture(String name) throws IOException {
        Map<String, Object> taken =
                driver.executeCdpCommand("Page.captureScreenshot", Map.of("captureBeyondViewport", true));
        Files.createDirectories(PICTURES);
        Files.write(PICTURES.resolve(name + ".png"), Base64.getDecoder().decode((String) taken.get("data")));
    }

    /**
     * Errors of scripts and violations of the content security policy since the last call. Refused calls are no errors here: a
     * sale that is sold out answers 409.
     */
    public List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                .map(entry -> entry.getLevel() + " " + entry.getMessage())
                .filter(line -> !line.contains("Failed to load resource"))
                .toList();
    }

    @Override
    public void close() {
        driver.quit();
    }

    private void size(int width, int height, boolean mobile) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", mobile));
    }
}
