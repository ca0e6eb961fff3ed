package io.seckill.gateway.payment;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may tell of payments: whoever knows a secret, of this very body, about now. */
class PaymentSignatureTest {
    private static final long NOW = 1_772_359_200_000L;
    private static final Buffer BODY = Buffer.buffer("{\"id\":\"evt_1\"}");
    private static final String FIRST = secret('a');
    private static final String SECOND = secret('b');

    private final PaymentSignature signature = PaymentSignature.parse(FIRST);

    @Test
    void shouldTakeItsOwn() {
        assertTrue(signature.isGood(signature.sign(NOW, BODY), BODY, NOW));
    }

    @Test
    void shouldRefuseAnotherBodySecretOrTimestamp() {
        String header = signature.sign(NOW, BODY);

        assertFalse(signature.isGood(header, Buffer.buffer("{\"id\":\"evt_2\"}"), NOW));
        assertFalse(PaymentSignature.parse(SECOND).isGood(header, BODY, NOW));
        assertFalse(signature.isGood(header.replace("t=1772359200", "t=1772359201"), BODY, NOW));
    }

    @Test
    void shouldTolerateFiveMinutesEitherWay() {
        String header = signature.sign(NOW, BODY);

        assertTrue(signature.isGood(header, BODY, NOW + 300_000));
        assertTrue(signature.isGood(header, BODY, NOW - 300_000));
        assertFalse(signature.isGood(header, BODY, NOW + 300_001));
        assertFalse(signature.isGood(header, BODY, NOW - 300_001));
    }

    @Test
    void shouldKnowTheOldAndTheNewSecretWhileOneIsChanged() {
        PaymentSignature both = PaymentSignature.parse(SECOND + "," + FIRST);

        assertTrue(both.isGood(signature.sign(NOW, BODY), BODY, NOW));
        assertTrue(PaymentSignature.parse(SECOND).isGood(both.sign(NOW, BODY), BODY, NOW), "the first one signs");
        String twice = signature.sign(NOW, BODY) + ",v1=" + both.sign(NOW, BODY).split("v1=", 2)[1];
        assertTrue(PaymentSignature.parse(SECOND).isGood(twice, BODY, NOW));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "v1=00",
                "t=1772359200",
                "t=1772359200,v1=",
                "t=now,v1=00",
                "t=-1,v1=00",
                "t=99999999999999999999,v1=00",
                "Bearer x",
                ",,,=,"
            })
    void shouldRefuseWhatIsNoSignature(String header) {
        assertFalse(signature.isGood(header, BODY, NOW));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "short", "c2hvcnQ", "!", ","})
    void shouldNotTakeAWeakSecret(String text) {
        assertFalse(PaymentSignature.isValid(text));
        assertFalse(PaymentSignature.isValid(FIRST + "," + text));
    }

    @Test
    void shouldNotShowASecret() {
        assertFalse(signature.toString().contains(FIRST));
    }

    private static String secret(char letter) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(String.valueOf(letter).repeat(32).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }
}
