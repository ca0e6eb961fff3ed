package io.seckill.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes from strangers: always an answer or an end, never a 5xx, never a unit moved. */
class HostileRequestIT {
    private static GatewayFixture shop;
    private static String open;

    @BeforeAll
    static void start() throws Exception {
        shop = new GatewayFixture(1);
        open = shop.sale(5);
    }

    @AfterAll
    static void stop() throws Exception {
        shop.close();
    }

    @AfterEach
    void shouldHaveMovedNoUnitAndStillServe() throws Exception {
        assertEquals(5, shop.remaining(open));
        assertEquals(200, shop.get(0, "/api/v1/sales", null).statusCode());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET\r\n\r\n",
                "\u0000\u0001\u0002x\r\n\r\n",
                "GET / HTTP/x\r\n\r\n",
                "POST /api/v1/sales/x/orders HTTP/1.1\r\nbroken header\r\n\r\n",
                "POST / HTTP/1.1\r\nhost: h\r\ncontent-length: x\r\n\r\n",
                "POST / HTTP/1.1\r\nhost: h\r\ncontent-length: -1\r\n\r\n"
            })
    void shouldAnswerWhatItCannotRead(String text) throws Exception {
        send(text).problem(400, "invalid_request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/9.9", "HTP/1.1", "HTTP/2.0"})
    void shouldSayThatItSpeaksNoOtherVersion(String version) throws Exception {
        assertEquals(
                501,
                send("GET /api/v1/sales " + version + "\r\nhost: h\r\n\r\n").status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "+5", "-1", "00000000000005", "5, 6", "0x5", "9999999999", "99999999999999999999", ""})
    void shouldAnswerAnyContentLengthOfAPurchase(String length) throws Exception {
        RawHttp.Answer answer = send(purchase("content-length: " + length + "\r\n") + "{}{}{");

        assertTrue(answer.status() >= 400 && answer.status() < 500, answer.head());
    }

    @Test
    void shouldRefuseALargeBodyByItsAnnouncement() throws Exception {
        send(purchase("content-type: application/json\r\ncontent-length: 4097\r\n"))
                .problem(413, "body_too_large");
    }

    @Test
    void shouldRefuseALargeChunkedBody() throws Exception {
        String chunk = "400\r\n" + " ".repeat(0x400) + "\r\n";

        send(purchase("content-type: application/json\r\ntransfer-encoding: chunked\r\n") + chunk.repeat(5))
                .problem(413, "body_too_large");
    }

    @Test
    void shouldAskForTheBodyThatAClientHoldsBack() throws Exception {
        assertEquals(
                100,
                send(purchase("content-type: application/json\r\ncontent-length: 14\r\nexpect: 100-continue\r\n"))
                        .status());
    }

    @Test
    void shouldRefuseABodyWithTwoLengths() throws Exception {
        String twoLengths = "content-length: 2\r\ntransfer-encoding: chunked\r\n";
        RawHttp.Answer answer =
                send(purchase("content-type: application/json\r\n" + twoLengths) + "2\r\n[]\r\n0\r\n\r\n");

        assertTrue(answer.status() == 400 || answer.status() == 0, answer.head());
    }

    @Test
    void shouldRefuseAVeryLongPath() throws Exception {
        send("GET /" + "a".repeat(3_000) + " HTTP/1.1\r\nhost: h\r\n\r\n").problem(400, "invalid_request");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/sales/%2e%2e/orders",
                "/api/v1/sales/../../orders",
                "/api/v1/sales//orders",
                "/api/v1/sales/%/orders",
                "/api/v1/sales/%zz",
                "/api/v1/sales/%c0%af",
                "/api/v1/orders/..",
                "//",
                "/./",
                "/%00",
                "/api/v1/sales/a/b/orders",
                "*",
                "x",
                "http://h/api/v1/sales/none",
                "/api/v1/sales/\u00ff",
                "/api/v1/orders/%2e%2e%2f",
                "/?%",
                "/api/v1/sales?%zz",
                "/openapi.yaml/..%2f..%2f..%2fetc%2fpasswd",
                "/..%2fapplication.properties",
                "/logback.xml"
            })
    void shouldAnswerEveryPath(String path) throws Exception {
        for (String method : new String[] {"GET", "POST", "HEAD", "OPTIONS", "FOO", "CONNECT"}) {
            RawHttp.Answer answer = send(
                    method + " " + path + " HTTP/1.1\r\nhost: h\r\nauthorization: " + shop.token("ann") + "\r\n\r\n");

            assertTrue(answer.status() < 500, method + " " + path + ": " + answer);
            assertTrue(answer.status() > 0 || method.equals("CONNECT"), method + " " + path + ": no answer");
            if (answer.status() >= 400 && !method.equals("HEAD")) {
                assertEquals("application/problem+json", answer.header("content-type"), method + " " + path);
            }
        }
    }

    @Test
    void shouldSurviveRandomBytes() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 100; i++) {
            byte[] bytes = new byte[1 + random.nextInt(3_000)];
            random.nextBytes(bytes);
            bytes[bytes.length - 1] = '\n';
            RawHttp.Answer answer = ended(bytes);
            // 501: what came out is another version of HTTP.
            assertTrue(answer.status() < 500 || answer.status() == 501, "seed " + seed + ": " + answer);
        }
    }

    @Test
    void shouldSurviveRandomAlterationsOfAPurchase() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String good =
                purchase("content-type: application/json\r\ncontent-length: 14\r\n")
                                .replace("Bearer ", "Bearer x") + "{\"quantity\":1}";
        for (int i = 0; i < 200; i++) {
            byte[] bytes = good.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            RawHttp.Answer answer = ended(bytes);
            // 501: what came out is another version of HTTP.
            assertTrue(answer.status() < 500 || answer.status() == 501, "seed " + seed + ": " + answer);
        }
    }

    private static String purchase(String headers) {
        return "POST /api/v1/sales/" + open + "/orders HTTP/1.1\r\nhost: h\r\nauthorization: " + shop.token("ann")
                + "\r\n" + headers + "\r\n";
    }

    private static RawHttp.Answer send(String text) throws Exception {
        return RawHttp.send(shop.gateway(0).port(), text);
    }

    // What is cut short is waited for, and rightly so: here the client says that nothing more comes.
    private static RawHttp.Answer ended(byte[] bytes) throws Exception {
        return RawHttp.sendAll(shop.gateway(0).port(), bytes);
    }
}
