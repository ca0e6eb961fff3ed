package io.seckill.gateway.identity;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Asks the identity provider for its keys. Redirects are not followed: they could lead to a host that proves nothing. */
final class JwksFetch {
    private static final int TIMEOUT_MS = 5_000;
    private static final int MAX_BYTES = 65_536;

    private final Vertx vertx;
    private final HttpClient client;
    private final String url;

    /** @param caFile PEM with the CAs that may have signed the provider's certificate; empty for those that Java believes */
    JwksFetch(Vertx vertx, String url, String caFile) {
        HttpClientOptions options = new HttpClientOptions().setConnectTimeout(TIMEOUT_MS);
        if (!caFile.isEmpty()) {
            options.setTrustOptions(new PemTrustOptions().addCertPath(caFile));
        }
        this.vertx = vertx;
        this.client = vertx.createHttpClient(options, new PoolOptions().setHttp1MaxSize(1));
        this.url = url;
    }

    /** The keys by their ids, at least one, or a failure that says why there are none. */
    Future<Map<String, IssuerKey>> fetch() {
        return client.request(new RequestOptions()
                        .setAbsoluteURI(url)
                        .setTimeout(TIMEOUT_MS)
                        .putHeader("accept", "application/json"))
                .compose(request -> request.send().compose(response -> text(request, response)))
                .timeout(TIMEOUT_MS, TimeUnit.MILLISECONDS)
                .compose(text -> vertx.executeBlocking(() -> JwksDocument.read(text)));
    }

    Future<Void> close() {
        return client.close();
    }

    private static Future<String> text(HttpClientRequest request, HttpClientResponse response) {
        Promise<String> whole = Promise.promise();
        // A reset of ours ends here, too, when there is nothing left to fail.
        response.exceptionHandler(whole::tryFail);
        if (response.statusCode() != 200) {
            whole.fail("the answer is " + response.statusCode());
            request.reset();
            return whole.future();
        }
        Buffer body = Buffer.buffer();
        response.handler(chunk -> {
            if (body.length() + chunk.length() > MAX_BYTES) {
                whole.tryFail("the answer is longer than " + MAX_BYTES + " bytes");
                request.reset();
            } else {
                body.appendBuffer(chunk);
            }
        });
        response.endHandler(end -> whole.tryComplete(body.toString()));
        return whole.future();
    }
}
