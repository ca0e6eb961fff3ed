package io.seckill.k8s;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the overlays render to is what Kubernetes and the services take. {@link DoctoredManifestsIT} shows that each check can fail. */
class ManifestsIT {
    static Stream<Arguments> everyCheckOfEveryOverlay() {
        return Rendered.OVERLAYS.stream().flatMap(overlay -> Stream.of(Check.values())
                .filter(check -> check.isFor(overlay))
                .map(check -> Arguments.of(overlay, check)));
    }

    @ParameterizedTest
    @MethodSource("everyCheckOfEveryOverlay")
    void shouldHaveNothingWrong(String overlay, Check check) {
        assertEquals("", String.join("\n", check.violations(Rendered.overlay(overlay))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "production"})
    void shouldHaveTheThreePrograms(String overlay) {
        assertEquals(
                List.of("gateway", "order-worker", "schema"),
                Rendered.overlay(overlay)
                        .services()
                        .map(workload -> workload.program().orElseThrow())
                        .sorted()
                        .toList());
    }

    @Test
    void shouldBringNoSecretsToProduction() {
        assertEquals(List.of(), Rendered.overlay("production").all(Secret.class));
    }

    @Test
    void shouldSayOfTheExampleThatItIsNoSecret() {
        Rendered.overlay("local")
                .all(Secret.class)
                .forEach(secret ->
                        assertTrue(plain(secret).contains("local-only-not-a-secret"), () -> secret.getMetadata()
                                .getName()));
    }

    /** With what is encoded once more in it. */
    private static String plain(Secret secret) {
        return secret.getData().values().stream()
                .map(value -> new String(Base64.getMimeDecoder().decode(value), StandardCharsets.UTF_8))
                .map(value -> value.startsWith("local:") ? value.substring("local:".length()) : value)
                .map(value -> value.contains("-") ? value : value + " " + decoded(value))
                .collect(Collectors.joining(" "));
    }

    private static String decoded(String value) {
        try {
            return new String(Base64.getUrlDecoder().decode(value), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException plain) {
            return value;
        }
    }
}
