package io.seckill.schema.tracing;

import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.seckill.schema.config.TelemetrySettings;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * Where a process's spans go. Which purchases are traced is not decided here but where they come in: what nobody begins a
 * span for costs nothing. Its methods may be called on any thread.
 */
public final class Tracing {
    /** An order's id, on each span that is about one order. */
    public static final AttributeKey<String> ORDER_ID = AttributeKey.stringKey("seckill.order.id");

    public static final AttributeKey<String> SALE_ID = AttributeKey.stringKey("seckill.sale.id");
    /** What became of it: a code of the API, or a reason of a dead letter. */
    public static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("seckill.outcome");

    private static final String TRACES_PATH = "/v1/traces";
    private static final int FLUSH_TIMEOUT_MS = 2_000;
    private static final Duration EXPORT_TIMEOUT = Duration.ofSeconds(5);

    private final SdkTracerProvider provider;
    private final Tracer tracer;
    private final double ratio;

    private Tracing(SdkTracerProvider provider, double ratio) {
        this.provider = provider;
        this.tracer = provider == null ? null : provider.get("io.seckill");
        this.ratio = ratio;
    }

    /**
     * Ready to begin spans; a collector that is away holds up nothing.
     *
     * @param service {@code service.name} of each span
     * @param instance {@code service.instance.id}
     * @param registry gets the counts of spans, all 0 where nothing is traced
     */
    public static Tracing of(TelemetrySettings settings, String service, String instance, MeterRegistry registry) {
        if (!settings.isTraced()) {
            SpanQueue.bindNone(registry);
            return new Tracing(null, 0);
        }
        // What the library has to say belongs to the log, in its format.
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
        OtlpHttpSpanExporter exporter = OtlpHttpSpanExporter.builder()
                .setEndpoint(settings.otlpEndpoint().replaceFirst("/+$", "") + TRACES_PATH)
                .setTimeout(EXPORT_TIMEOUT)
                .setConnectTimeout(EXPORT_TIMEOUT)
                .build();
        SdkTracerProvider provider = SdkTracerProvider.builder()
                .setResource(Resource.builder()
                        .put("service.name", service)
                        .put("service.instance.id", instance)
                        .build())
                .setSampler(Sampler.alwaysOn())
                .addSpanProcessor(new SpanQueue(exporter).bindTo(registry))
                .build();
        return new Tracing(provider, settings.traceRatio());
    }

    public boolean isOn() {
        return tracer != null;
    }

    /** Part of the purchases that is traced, 0 to 1. */
    public double ratio() {
        return ratio;
    }

    /** Begins spans; null where nothing is traced. */
    public Tracer tracer() {
        return tracer;
    }

    /** Lets what ended leave when the process ends: the part that a service deploys first, and Vert.x stops. */
    public Future<?> deploy(Vertx vertx) {
        return isOn() ? vertx.deployVerticle(new Flush()) : Future.succeededFuture();
    }

    private final class Flush extends VerticleBase {
        @Override
        public Future<?> stop() {
            Promise<Void> done = Promise.promise();
            CompletableResultCode shutdown = provider.shutdown();
            shutdown.whenComplete(() -> context.runOnContext(v -> done.complete()));
            return done.future()
                    .timeout(FLUSH_TIMEOUT_MS, TimeUnit.MILLISECONDS)
                    .otherwiseEmpty();
        }
    }
}
