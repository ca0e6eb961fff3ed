package io.seckill.local.browser;

import io.seckill.local.Bundle;
import io.seckill.local.DebianPackages;
import io.seckill.local.Executables;
import io.seckill.local.LaunchFailure;
import io.seckill.local.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where the browser and its driver are: on this machine, or in Debian's packages, unpacked as the servers' are.
 *
 * @param environment what both need to find their libraries and fonts
 */
record Chromium(Path browser, Path driver, Map<String, String> environment) {
    private static final Bundle BUNDLE = new Bundle(
            "chromium",
            125,
            "chromium|fonts-wqy|fonts-open-sans",
            List.of("chromium", "chromium-driver", "fonts-wqy-microhei", "fonts-open-sans"));

    /** One that can be started, or nothing and a loud line. */
    static Optional<Chromium> find(Path packages) {
        Optional<Path> browser = Executables.find("chromium").or(() -> Executables.find("google-chrome"));
        Optional<Path> driver = Executables.find("chromedriver");
        if (browser.isPresent() && driver.isPresent()) {
            return Optional.of(new Chromium(browser.get(), driver.get(), Map.of()));
        }
        try {
            new DebianPackages(packages, new Progress(System.out)).fetch(List.of(BUNDLE), new ArrayList<>());
            return Optional.of(unpacked(packages.resolve(BUNDLE.name())));
        } catch (LaunchFailure e) {
            System.out.println("!!! NO BROWSER, the pages are NOT TESTED: " + e.getMessage());
            return Optional.empty();
        }
    }

    private static Chromium unpacked(Path tree) {
        try {
            Map<String, String> environment = new TreeMap<>();
            environment.put("LD_LIBRARY_PATH", libraries(tree));
            environment.put("FONTCONFIG_FILE", fonts(tree).toString());
            return new Chromium(
                    tree.resolve("usr/lib/chromium/chromium"), tree.resolve("usr/bin/chromedriver"), environment);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String libraries(Path tree) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            return files.filter(file -> file.getFileName().toString().matches(".+\\.so(\\.[0-9.]+)?"))
                    .map(file -> file.getParent().toString())
                    .distinct()
                    .sorted()
                    .collect(Collectors.joining(":"));
        }
    }

    private static Path fonts(Path tree) throws IOException {
        Path file = tree.resolve("fonts.conf");
        return Files.writeString(file, """
                <?xml version="1.0"?>
                <fontconfig>
                  <dir>/usr/share/fonts</dir>
                  <dir>%1$s/usr/share/fonts</dir>
                  <cachedir>%1$s/fonts-cache</cachedir>
                  <match>
                    <edit name="family" mode="append_last"><string>Open Sans</string><string>WenQuanYi Micro Hei</string></edit>
                  </match>
                </fontconfig>
                """.formatted(tree));
    }
}
