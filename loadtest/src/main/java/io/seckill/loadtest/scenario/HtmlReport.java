package io.seckill.loadtest.scenario;

import io.seckill.loadtest.AuditReport;
import io.seckill.loadtest.Latency;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The report as one page that needs nothing but itself: the charts' library is Chart.js, inlined. A pure function of what was
 * measured.
 */
final class HtmlReport {
    private static final String CHART_JS = "/META-INF/resources/webjars/chartjs/2.9.4/Chart.min.js";
    private static final Map<Answer.Outcome, String> OUTCOMES = new java.util.EnumMap<>(Map.of(
            Answer.Outcome.ACCEPTED, "accepted",
            Answer.Outcome.REPLAYED, "accepted, told again",
            Answer.Outcome.REFUSED, "refused",
            Answer.Outcome.UNKNOWN, "unknown",
            Answer.Outcome.ERROR, "errors",
            Answer.Outcome.SHOWN, "pages shown"));

    private final LoadTest.Plan plan;
    private final List<ScenarioResult> results;
    private final Path folder;

    /** @param folder where the page goes, to which links are relative */
    HtmlReport(LoadTest.Plan plan, List<ScenarioResult> results, Path folder) {
        this.plan = plan;
        this.results = List.copyOf(results);
        this.folder = folder;
    }

    String render() {
        Verdict verdict = Verdict.of(results);
        StringBuilder page = new StringBuilder();
        page.append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        page.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        page.append("<title>Load test: ").append(verdict.kind().name().toLowerCase(Locale.ROOT));
        page.append("</title>\n<style>\n").append(Html.resource("report.css")).append("</style>\n</head>\n<body>\n");
        page.append("<header>\n<h1>Load test</h1>\n");
        page.append("<p class=\"verdict ").append(verdict.kind().name().toLowerCase(Locale.ROOT));
        page.append("\">").append(Html.escape(verdict.text())).append("</p>\n");
        facts(page);
        overview(page);
        page.append("</header>\n<main>\n");
        results.forEach(result -> scenario(page, result));
        page.append("</main>\n");
        JsonObject curves = new JsonObject();
        results.forEach(result -> curves.put(result.scenario().title(), new Curves(result).json()));
        page.append("<script type=\"application/json\" id=\"curves\">");
        page.append(Html.script(curves.encode())).append("</script>\n");
        page.append("<script>/* Chart.js 2.9.4, (c) 2020 Chart.js Contributors, MIT licence */\n");
        page.append(chartJs()).append("</script>\n<script>\n").append(Html.resource("report.js"));
        return page.append("</script>\n</body>\n</html>\n").toString();
    }

    /** Without its opening comment, whose link would be the page's only one to elsewhere. */
    private static String chartJs() {
        String script = Html.resource(CHART_JS);
        return script.substring(script.indexOf("*/") + 2);
    }

    private void facts(StringBuilder page) {
        page.append("<dl class=\"facts\">\n");
        fact(page, "Command", "<code>" + Html.escape(plan.command()) + "</code>");
        fact(page, "Seed", Long.toString(plan.seed()));
        fact(page, "Measured on", Html.escape(plan.machine()));
        fact(
                page,
                "Generators",
                "Gatling, open model, a JVM of its own: all curves and percentiles. wrk, closed model, 256 connections: ceilings only."
                        + " Stored and audited: counted in MySQL.");
        page.append("</dl>\n");
    }

    private static void fact(StringBuilder page, String name, String html) {
        page.append("<dt>").append(name).append("</dt><dd>").append(html).append("</dd>\n");
    }

    private void overview(StringBuilder page) {
        page.append("<div class=\"wide\"><table>\n<thead><tr><th>Scenario</th><th>users</th><th>accepted</th>");
        page.append("<th>refused</th><th>unknown</th><th>errors</th><th>stored</th><th>MySQL behind</th>");
        page.append(
                "<th>accepted p99</th><th>refused p99</th><th>ceiling, wrk</th><th>audit</th></tr></thead>\n<tbody>\n");
        for (ScenarioResult result : results) {
            Timeline timeline = result.timeline();
            String title = result.scenario().title();
            page.append("<tr><th><a href=\"#")
                    .append(title)
                    .append("\">")
                    .append(title)
                    .append("</a>");
            result.voidReason().ifPresent(reason -> page.append(" <b class=\"stamp\">VOID</b>"));
            page.append("</th>");
            cell(page, number(result.size().users()));
            cell(page, number(result.accepted()));
            cell(page, number(timeline.count(Answer.Outcome.REFUSED)));
            cell(page, number(result.unknown()));
            cell(page, number(timeline.count(Answer.Outcome.ERROR)));
            cell(page, number(result.stored()));
            cell(page, result.lagMillis() + " ms");
            cell(page, p99(timeline.latency(Answer.Outcome.ACCEPTED)));
            cell(page, p99(timeline.latency(Answer.Outcome.REFUSED)));
            cell(
                    page,
                    result.ceiling()
                            .map(run -> number(Math.round(run.perSecond())) + "/s")
                            .orElse("–"));
            cell(page, balanced(result) ? "<span class=\"ok\">balances</span>" : "<b class=\"bad\">broken</b>");
            page.append("</tr>\n");
        }
        page.append("</tbody>\n</table></div>\n");
    }

    private void scenario(StringBuilder page, ScenarioResult result) {
        Scenario scenario = result.scenario();
        Timeline timeline = result.timeline();
        page.append("<section id=\"")
                .append(scenario.title())
                .append("\">\n<h2>")
                .append(scenario.title());
        page.append("</h2>\n<p class=\"what\">")
                .append(Html.escape(scenario.description()))
                .append(".</p>\n");
        result.voidReason().ifPresent(reason -> page.append("<p class=\"verdict void\">VOID: ")
                .append(Html.escape(reason))
                .append("</p>\n"));
        result.problems().forEach(problem -> page.append("<p class=\"verdict broken\">")
                .append(Html.escape(problem))
                .append("</p>\n"));
        page.append("<p>").append(sentence(result)).append("</p>\n<div class=\"charts\">\n");
        chart(page, scenario, "rates", "Answers and stored orders a second");
        chart(page, scenario, "latency", "Latency from the intended moment, ms");
        chart(page, scenario, "stock", "Units left");
        chart(page, scenario, "queue", "On the way to MySQL");
        page.append("</div>\n");
        percentiles(page, timeline);
        codes(page, "Refused", timeline.details(Answer.Outcome.REFUSED));
        codes(page, "Unknown", timeline.details(Answer.Outcome.UNKNOWN));
        codes(page, "Errors", timeline.details(Answer.Outcome.ERROR));
        result.ceiling()
                .ifPresent(run -> page.append(String.format(
                        Locale.ROOT,
                        "<p>Ceiling by wrk, closed model, 256 connections, nothing else running: <b>%,.0f answers a second</b>, p50 %.1f"
                                + " ms, p99 %.1f ms.</p>%n",
                        run.perSecond(),
                        run.p50Ms(),
                        run.p99Ms())));
        if (!result.streams().isEmpty()) {
            page.append("<p>Watching live meanwhile: ")
                    .append(Html.escape(result.streams()))
                    .append(".</p>\n");
        }
        audits(page, result);
        page.append("<p><a href=\"")
                .append(Html.escape(folder.relativize(result.gatling()).toString()));
        page.append(
                "\">Gatling's own report of this scenario</a> (latencies there count from sending).</p>\n</section>\n");
    }

    private static String sentence(ScenarioResult result) {
        return String.format(
                Locale.ROOT,
                "%,d users within %.1f s, %,d visits planned, %,d units in %,d sale(s). <b>%,d accepted</b>, <b>%,d refused</b>, <b>%,d unknown</b>,"
                        + " <b>%,d stored</b>, the last at most %,d ms after the last 202. The generator sent %,d requests, warm-up"
                        + " included, the latest %,d ms late.",
                result.size().users(),
                result.size().millis() / 1e3,
                result.schedule().visits().size(),
                result.schedule().stocks().stream().mapToInt(Integer::intValue).sum(),
                result.schedule().stocks().size(),
                result.accepted(),
                result.timeline().count(Answer.Outcome.REFUSED),
                result.unknown(),
                result.stored(),
                result.lagMillis(),
                result.requests(),
                result.lateness().worst().toMillis());
    }

    private static void chart(StringBuilder page, Scenario scenario, String kind, String title) {
        page.append("<figure><figcaption>").append(title).append("</figcaption><div><canvas data-scenario=\"");
        page.append(scenario.title()).append("\" data-kind=\"").append(kind).append("\"></canvas></div></figure>\n");
    }

    private static void percentiles(StringBuilder page, Timeline timeline) {
        page.append(
                "<div class=\"wide\"><table>\n<thead><tr><th>Latency, ms (Gatling)</th><th>answers</th><th>p50</th><th>p90</th>");
        page.append("<th>p99</th><th>p99.9</th><th>max</th></tr></thead>\n<tbody>\n");
        for (Answer.Outcome outcome : Answer.Outcome.values()) {
            Latency latency = timeline.latency(outcome);
            if (latency.count() == 0) {
                continue;
            }
            page.append("<tr><th>").append(OUTCOMES.get(outcome)).append("</th>");
            cell(page, number(latency.count()));
            for (double value :
                    new double[] {latency.p50(), latency.p90(), latency.p99(), latency.p999(), latency.max()}) {
                cell(page, millis(value));
            }
            page.append("</tr>\n");
        }
        page.append("</tbody>\n</table></div>\n");
    }

    private static void codes(StringBuilder page, String name, Map<String, Long> codes) {
        if (!codes.isEmpty()) {
            page.append("<p>").append(name).append(" by code: ");
            page.append(codes.entrySet().stream()
                    .map(entry -> "<code>" + Html.escape(entry.getKey()) + "</code> " + number(entry.getValue()))
                    .collect(Collectors.joining(", ")));
            page.append("</p>\n");
        }
    }

    private static void audits(StringBuilder page, ScenarioResult result) {
        page.append("<details").append(balanced(result) ? "" : " open").append("><summary>Audit of ");
        page.append(number(result.audits().size())).append(" sale(s), the warm-up's among them: ");
        page.append(balanced(result) ? "all balance" : "NOT all balance")
                .append("</summary>\n<div class=\"wide\"><table>\n<tbody>\n");
        for (AuditReport audit : result.audits()) {
            page.append("<tr><th colspan=\"4\">Sale ")
                    .append(Html.escape(audit.saleId()))
                    .append("</th></tr>\n");
            for (AuditReport.Line line : audit.lines()) {
                page.append("<tr><td>").append(line.ok() ? "<span class=\"ok\">✓</span>" : "<b class=\"bad\">✗</b>");
                page.append("</td><td>").append(Html.escape(line.name())).append("</td>");
                cell(page, Html.escape(line.value()));
                page.append("<td class=\"text\">")
                        .append(Html.escape(line.explanation()))
                        .append("</td></tr>\n");
            }
        }
        page.append("</tbody>\n</table></div></details>\n");
    }

    private static boolean balanced(ScenarioResult result) {
        return result.audits().stream().allMatch(AuditReport::balanced);
    }

    private static void cell(StringBuilder page, String html) {
        page.append("<td>").append(html).append("</td>");
    }

    private static String p99(Latency latency) {
        return latency.count() == 0 ? "–" : millis(latency.p99()) + " ms";
    }

    private static String millis(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.1f" : "%,.0f", value);
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
