package io.seckill.gateway.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import io.seckill.gateway.Await;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** An identity provider that publishes whatever keys it is told to, in whatever way. */
public final class FakeIssuer implements AutoCloseable {
    public static final String ISSUER = "https://issuer.example/";
    public static final String AUDIENCE = "seckill";

    private final List<JWK> keys = new ArrayList<>();
    private final AtomicInteger asked = new AtomicInteger();
    private final HttpServer server;
    private volatile Handler<HttpServerRequest> answer = this::publish;
    private volatile String published = "{\"keys\":[]}";

    public FakeIssuer(Vertx vertx) throws Exception {
        this(vertx, new HttpServerOptions());
    }

    FakeIssuer(Vertx vertx, HttpServerOptions options) throws Exception {
        server = Await.result(vertx.createHttpServer(options)
                .requestHandler(request -> {
                    asked.incrementAndGet();
                    answer.handle(request);
                })
                .listen(0, "127.0.0.1"));
    }

    public String url() {
        return "http://127.0.0.1:" + server.actualPort() + "/jwks";
    }

    String httpsUrl() {
        return "https://localhost:" + server.actualPort() + "/jwks";
    }

    /** How often somebody came for the keys. */
    int asked() {
        return asked.get();
    }

    public static JWK rsa(String kid) throws JOSEException {
        return new RSAKeyGenerator(2_048)
                .keyID(kid)
                .algorithm(JWSAlgorithm.RS256)
                .generate();
    }

    public static JWK ec(String kid) throws JOSEException {
        return new ECKeyGenerator(Curve.P_256).keyID(kid).generate();
    }

    /** From now on these keys and no others. */
    public void publish(JWK... now) {
        keys.clear();
        keys.addAll(List.of(now));
        JsonArray array = new JsonArray();
        keys.forEach(key -> array.add(new JsonObject(key.toPublicJWK().toJSONObject())));
        published = new JsonObject().put("keys", array).encode();
    }

    void publish(String document) {
        published = document;
    }

    /** How it answers from now on. */
    void answer(Handler<HttpServerRequest> now) {
        answer = now;
    }

    /** Like an issuer that is away, though the port stays taken: each connection is closed. */
    public void goAway() {
        answer = request -> request.connection().close();
    }

    public void comeBack() {
        answer = this::publish;
    }

    private void publish(HttpServerRequest request) {
        request.response().putHeader("content-type", "application/json").end(published);
    }

    @Override
    public void close() throws Exception {
        Await.result(server.close());
    }
}
