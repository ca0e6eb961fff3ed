package io.seckill.schema.config;

/**
 * What a service tells of itself besides its metrics. The variables that begin with {@code OTEL_} are OpenTelemetry's own.
 *
 * @param logFormat {@code text} or {@code json}; here only to be checked, since the logging reads it before anything else
 * @param otlpEndpoint of a collector that takes OTLP over HTTP, without the path; empty: nothing is traced
 * @param traceRatio part of the purchases that is traced, 0 to 1
 */
public record TelemetrySettings(String logFormat, String otlpEndpoint, double traceRatio) {
    private static final String DEFAULT_RATIO = "0.001";
    private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private static final String RATIO = "OTEL_TRACES_SAMPLER_ARG";

    public static TelemetrySettings read(Settings settings) {
        String ratio =
                settings.matching(RATIO, DEFAULT_RATIO, TelemetrySettings::isRatio, "a number from 0 to 1, like 0.001");
        String endpoint = settings.text(ENDPOINT, "");
        settings.relation(
                endpoint.isEmpty() || isEndpoint(endpoint),
                ENDPOINT + " (not shown, it may hold a password) is not valid; expected http://host:port or"
                        + " https://host:port of a collector that takes OTLP over HTTP");
        return new TelemetrySettings(
                settings.matching("SECKILL_LOG_FORMAT", "text", format -> format.matches("text|json"), "text or json"),
                endpoint,
                Double.parseDouble(isRatio(ratio) ? ratio : DEFAULT_RATIO));
    }

    public boolean isTraced() {
        return !otlpEndpoint.isEmpty();
    }

    private static boolean isEndpoint(String url) {
        return url.matches("https?://[A-Za-z0-9._:\\[\\]-]+(/[A-Za-z0-9._/-]*)?");
    }

    private static boolean isRatio(String text) {
        return text.matches("0(\\.[0-9]{1,9})?|1(\\.0{1,9})?");
    }

    @Override
    public String toString() {
        return "logFormat=" + logFormat
                + (isTraced() ? " otlpEndpoint=" + otlpEndpoint + " traceRatio=" + traceRatio : " traces=off");
    }
}
