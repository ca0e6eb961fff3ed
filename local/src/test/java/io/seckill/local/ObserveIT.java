package io.seckill.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.local.observe.Dashboard;
import io.seckill.local.observe.MetricUse;
import io.seckill.local.observe.MetricsTable;
import io.seckill.local.observe.Prometheus;
import io.seckill.local.observe.Scrape;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stack that is observed: what it shows, and whether rules, dashboards and documents speak of just that. */
class ObserveIT {
    private static final Path ROOT = Settings.repository(Path.of("."));
    private static final Path OBSERVE = ROOT.resolve("k8s/observe");
    private static final String RUNBOOK = "docs/operations.md";
    private static final int LIMIT_S = 60;

    @TempDir
    private static Path home;

    private static LocalStack stack;
    private static StackUser user;
    private static Prometheus prometheus;
    private static Scrape scrape;

    @BeforeAll
    static void up() throws IOException {
        stack = new LocalStack(Settings.isolated(ROOT, home, System.getenv()), new Progress(System.out));
        stack.up(1, 1, true);
        user = new StackUser(stack);
        prometheus = new Prometheus(stack.addresses().get(Addresses.PROMETHEUS));
        user.openSale(5);
        String gateway = stack.addresses().get("SECKILL_MANAGEMENT");
        String worker = stack.workers().get(0);
        // Some metrics of collections are there from the first one on.
        new JvmMemory(stack.live("gateway-1").orElseThrow()).liveBytes();
        new JvmMemory(stack.live("worker-1").orElseThrow()).liveBytes();
        user.await("the collections were noted", () -> List.of(gateway, worker).stream()
                .allMatch(process -> prometheus.page(process).contains("jvm_gc_pause_seconds_count")));
        scrape = new Scrape().add("gateway", prometheus.page(gateway)).add("worker", prometheus.page(worker));
    }

    @AfterAll
    static void down() {
        if (user != null) {
            user.close();
        }
        stack.down();
    }

    @Test
    void shouldScrapeEveryGatewayAndWorker() {
        user.await("all targets are up", () -> prometheus.targets().stream()
                .filter(target -> target.getString("health").equals("up"))
                .map(target -> target.getJsonObject("labels").getString("instance"))
                .collect(Collectors.toSet())
                .equals(Set.of("gateway-1", "worker-1")));
    }

    @Test
    void shouldStartAKilledPrometheusAgainAndNothingElse() {
        stack.kill(StackRecord.PROMETHEUS);
        assertEquals(Set.of(StackRecord.PROMETHEUS), stack.missing());

        assertEquals(List.of(StackRecord.PROMETHEUS), stack.up(1, 1));

        assertTrue(stack.status().stream().allMatch(line -> line.state() == ProcessStatus.State.READY));
    }

    @Test
    void shouldSayOfEachAlertHowBadItIsAndWhatToDo() throws IOException {
        Set<String> anchors = Files.readAllLines(ROOT.resolve(RUNBOOK)).stream()
                .filter(line -> line.startsWith("#"))
                .map(line ->
                        line.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT).replace(' ', '-'))
                .collect(Collectors.toSet());
        List<Prometheus.Rule> rules = prometheus.rules();
        assertFalse(rules.isEmpty());
        for (Prometheus.Rule rule : rules) {
            assertTrue(
                    Set.of("critical", "warning", "info").contains(rule.labels().getString("severity")),
                    rule::toString);
            assertFalse(rule.annotations().getString("summary").isBlank(), rule::toString);
            String anchor = rule.name().toLowerCase(Locale.ROOT);
            assertEquals(RUNBOOK + "#" + anchor, rule.annotations().getString("runbook_url"));
            assertTrue(anchors.contains(anchor), () -> RUNBOOK + " says nothing of " + rule.name());
        }
        user.await("each rule was judged without an error", () -> prometheus.rules().stream()
                .allMatch(rule -> rule.health().equals("ok")));
    }

    @Test
    void shouldAskOnlyForWhatIsThere() throws IOException {
        MetricUse use = new MetricUse(scrape);
        List<String> errors = new ArrayList<>();
        for (Prometheus.Rule rule : prometheus.rules()) {
            errors.addAll(use.errors(
                    rule.name(), rule.query(), List.of(rule.annotations().getString("summary"))));
        }
        for (Dashboard dashboard : Dashboard.in(OBSERVE.resolve("dashboards"))) {
            for (Dashboard.Query query : dashboard.queries()) {
                errors.addAll(use.errors(query.where(), query.expression(), List.of(query.legend())));
                String error = prometheus.error(query.filledIn());
                assertEquals("", error, query::toString);
            }
        }
        assertEquals(List.of(), errors);
    }

    @Test
    void shouldNoticeARuleOfAMetricThatIsGone() {
        MetricUse use = new MetricUse(scrape);
        Prometheus.Rule rule = prometheus.rules().stream()
                .filter(one -> one.name().equals("SeckillOversold"))
                .findFirst()
                .orElseThrow();
        String doctored = rule.query().replace("seckill_audit_oversold_units", "seckill_audit_oversold");

        assertEquals(
                List.of("SeckillOversold: there is no metric seckill_audit_oversold"),
                use.errors(rule.name(), doctored, List.of()));
    }

    @Test
    void shouldHaveDashboardsThatGrafanaCanShow() throws IOException {
        List<Dashboard> dashboards = Dashboard.in(OBSERVE.resolve("dashboards"));
        assertEquals(3, dashboards.size());
        for (Dashboard dashboard : dashboards) {
            assertEquals(dashboard.name(), dashboard.json().getString("uid") + ".json");
            Set<Integer> ids = new HashSet<>();
            Set<List<Integer>> places = new HashSet<>();
            for (JsonObject panel : dashboard.panels()) {
                assertTrue(ids.add(panel.getInteger("id")), panel::encode);
                JsonObject at = panel.getJsonObject("gridPos");
                for (int x = at.getInteger("x"); x < at.getInteger("x") + at.getInteger("w"); x++) {
                    for (int y = at.getInteger("y"); y < at.getInteger("y") + at.getInteger("h"); y++) {
                        assertTrue(
                                x < 24 && places.add(List.of(x, y)), () -> "no room for " + panel.getString("title"));
                    }
                }
            }
        }
    }

    @Test
    void shouldHaveATableOfExactlyTheMetricsThatThereAre() throws IOException {
        List<String> written = MetricsTable.written(ROOT.resolve("docs/metrics.md"));
        List<String> there = MetricsTable.of(scrape);

        Set<String> missing = new TreeSet<>(there);
        written.forEach(missing::remove);
        assertEquals("", String.join("\n", missing), "not in docs/metrics.md");
        assertEquals(String.join("\n", there), String.join("\n", written));
    }

    @Test
    void shouldPassTheRulesOwnTests() {
        PrometheusServer server = (PrometheusServer) stack.server(StackRecord.PROMETHEUS);
        for (List<String> arguments : List.of(
                List.of("check", "rules", PrometheusServer.rules(ROOT).toString()),
                List.of("test", "rules", OBSERVE.resolve("rules-test.yml").toString()),
                List.of(
                        "check",
                        "config",
                        PrometheusServer.configuration(new Home(home)).toString()))) {
            List<String> command = new ArrayList<>();
            command.add(server.program().executable().resolveSibling("promtool").toString());
            command.addAll(arguments);
            Executables.Outcome outcome = Executables.run(command, Map.of("PATH", Executables.searchPath()), LIMIT_S);
            assertTrue(outcome.ok(), outcome::output);
        }
    }
}
