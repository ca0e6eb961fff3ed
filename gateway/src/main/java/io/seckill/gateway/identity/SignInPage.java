package io.seckill.gateway.identity;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * The form of {@link DemoSignIn} in two languages, read once. Nothing that a request says gets into it. Its style is within,
 * allowed by its hash; no script, picture or frame is.
 */
final class SignInPage {
    private static final Pattern PREFERS_CHINESE = Pattern.compile("(?i)\\s*zh\\b.*");

    private final Text english;
    private final Text chinese;
    private final String policy;

    /**
     * One language's.
     *
     * @param refused with a word on why the name was none
     */
    private record Text(Buffer asked, Buffer refused) {}

    SignInPage() {
        String style = read("sign-in.css");
        english = text("en", style, "This name cannot be used. Please choose another.");
        chinese = text("zh", style, "这个名字无法使用，请换一个。");
        policy = "default-src 'none'; style-src 'sha256-" + sha256(style)
                + "'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    }

    /**
     * @param languages as the browser prefers them, may be null
     * @param refused whether a name was given that is none
     */
    void send(HttpServerResponse response, String languages, boolean refused) {
        Text text = languages != null && PREFERS_CHINESE.matcher(languages).matches() ? chinese : english;
        response.setStatusCode(refused ? 400 : 200)
                .putHeader("content-type", "text/html; charset=utf-8")
                .putHeader("content-security-policy", policy)
                // Without it the form would not tell where it comes from.
                .putHeader("referrer-policy", "same-origin")
                .putHeader("x-content-type-options", "nosniff")
                .putHeader("cross-origin-opener-policy", "same-origin")
                .putHeader("cache-control", "no-store")
                .putHeader("vary", "accept-language")
                .end(refused ? text.refused : text.asked);
    }

    private static Text text(String language, String style, String refusal) {
        String page = read("sign-in." + language + ".html").replace("{{style}}", style);
        return new Text(
                Buffer.buffer(page.replace("{{error}}", "")),
                Buffer.buffer(page.replace("{{error}}", "<p class=\"error\" role=\"alert\">" + refusal + "</p>")));
    }

    private static String read(String name) {
        try (InputStream in = SignInPage.class.getResourceAsStream("/identity/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
