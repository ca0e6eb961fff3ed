package io.seckill.loadtest.scenario;

import io.seckill.loadtest.AuditReport;
import io.seckill.loadtest.Auditor;
import io.seckill.loadtest.Blocking;
import io.seckill.loadtest.ClientHistory;
import io.seckill.loadtest.StackApi;
import io.seckill.loadtest.StoredOrders;
import io.seckill.loadtest.bench.Wrk;
import io.seckill.schema.amqp.AmqpLink;
import io.seckill.schema.amqp.Topology;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One scenario from its sales to their audits. Blocks the command's thread. Walk on with {@link GatlingRun}, {@link Counting}
 * and {@link Gauges}.
 */
final class ScenarioRun {
    private static final int WARM_UP_USERS = 4_000;
    private static final int WARM_UP_STOCK = 2_000;
    private static final int ATTEMPTS = 3;
    private static final int CEILING_STOCK = 10_000_000;
    private static final long LOOK_MS = 100;
    /** How long the live line goes on after the last intended visit. */
    private static final long AFTERWARDS_MS = 1_000;

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration STORE_PATIENCE = Duration.ofSeconds(60);
    /** From the last intended visit to the last answer, Gatling's start and its report. */
    private static final long GATLING_PATIENCE_MS = 180_000;

    private final Vertx vertx;
    private final Site site;
    private final StackApi api;
    private final StoredOrders orders;
    private final Auditor auditor;
    private final AmqpLink amqp;
    private final PrintStream out;

    /** @param amqp null if RabbitMQ is not to be asked */
    ScenarioRun(Vertx vertx, Site site, StackApi api, StoredOrders orders, AmqpLink amqp, PrintStream out) {
        this.vertx = vertx;
        this.site = site;
        this.api = api;
        this.orders = orders;
        this.auditor = new Auditor(api, orders);
        this.amqp = amqp;
        this.out = out;
    }

    /** @throws IOException if it could not be played; what the system did is in the result */
    ScenarioResult play(Scenario scenario, Size size, long seed)
            throws IOException, InterruptedException, Blocking.FailedException {
        Schedule schedule = Schedule.of(scenario, size, seed);
        Schedule early = Schedule.of(
                Scenario.SUSTAINED,
                new Size(Math.min(WARM_UP_USERS, site.crowd().size()), 1_000, WARM_UP_STOCK, 0),
                seed);
        Sales sales = open(scenario.title(), schedule.stocks());
        Sales earlySales = open("warm-up", early.stocks());
        Counting counting = new Counting(schedule, early);
        Gauges gauges = new Gauges(vertx, api, orders, amqp, new Topology(site.amqpPrefix()), sales);
        Path folder = site.out().resolve(scenario.title());
        String streams = "";
        try (GatlingRun gatling = new GatlingRun(site.gatling(), folder)) {
            gatling.start(
                    scenario,
                    schedule,
                    early,
                    sales,
                    earlySales,
                    site.crowd(),
                    site.address().gateways(),
                    ATTEMPTS);
            try (Streams watchers = size.watchers() == 0
                    ? null
                    : new Streams(
                            sales.gateway(), sales.ids().get(0), size.watchers(), folder.resolve("streams.log"))) {
                gauges.start();
                follow(gatling, schedule, counting, gauges);
                streams = watchers == null ? "" : watchers.end();
            }
            long stored = untilStored(sales, counting.told().accepted());
            gauges.stop();
            List<Gauges.Look> looks = gauges.looks();
            Path report = gatling.report();
            List<AuditReport> audits = new ArrayList<>();
            Optional<Wrk.Run> ceiling = ceiling(scenario, sales, counting.told(), audits);
            List<String> users = site.crowd().users();
            for (int sale = 0; sale < sales.ids().size(); sale++) {
                audits.add(
                        audit(sales.ids().get(sale), Optional.of(counting.told().history(sale, users))));
            }
            audits.add(audit(
                    earlySales.ids().get(0), Optional.of(counting.toldEarly().history(0, users))));
            return new ScenarioResult(
                    scenario,
                    size,
                    schedule,
                    counting.timeline(),
                    looks,
                    counting.lateness().judged(),
                    counting.sent(),
                    counting.told().accepted(),
                    stored,
                    lag(counting, looks),
                    counting.told().unknown(),
                    counting.start(),
                    streams,
                    ceiling,
                    audits,
                    report);
        } finally {
            gauges.stop();
        }
    }

    private Sales open(String title, List<Integer> stocks) throws Blocking.FailedException, InterruptedException {
        return Blocking.await(Sales.open(vertx, api, site.address(), title, stocks), PATIENCE);
    }

    private void follow(GatlingRun gatling, Schedule schedule, Counting counting, Gauges gauges)
            throws IOException, InterruptedException {
        AnswerFile answers = new AnswerFile(gatling.answers(), counting);
        Live live = new Live(out);
        long deadline =
                System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(GATLING_PATIENCE_MS + schedule.lastMicros() / 1_000);
        try {
            boolean ended = false;
            while (!ended) {
                ended = gatling.ended(LOOK_MS);
                answers.read();
                long now = System.currentTimeMillis();
                boolean busy = counting.start() != 0
                        && now >= counting.start()
                        && now <= counting.start() + schedule.lastMicros() / 1_000 + AFTERWARDS_MS;
                if (busy) {
                    long elapsed = now - counting.start();
                    live.draw(now, elapsed, schedule.dueBy(elapsed * 1_000), counting.sent(), counting, gauges.last());
                }
                if (System.nanoTime() > deadline) {
                    throw new IOException("Gatling does not end");
                }
            }
        } finally {
            live.end();
            answers.close();
        }
        gatling.check();
    }

    /** How many orders are in MySQL: as many as were promised, or as many as came while there was patience. */
    private long untilStored(Sales sales, long promised) throws Blocking.FailedException, InterruptedException {
        long deadline = System.nanoTime() + STORE_PATIENCE.toNanos();
        long stored = Blocking.await(orders.sold(sales.ids()), PATIENCE);
        while (stored < promised && System.nanoTime() < deadline) {
            Blocking.await(vertx.timer(LOOK_MS, TimeUnit.MILLISECONDS), PATIENCE);
            stored = Blocking.await(orders.sold(sales.ids()), PATIENCE);
        }
        return stored;
    }

    /** wrk against what the scenario has left: a sale that is sold out, or one that has stock for everybody. */
    private Optional<Wrk.Run> ceiling(Scenario scenario, Sales sales, Told told, List<AuditReport> audits)
            throws IOException, InterruptedException, Blocking.FailedException {
        boolean soldOut = scenario == Scenario.SOLD_OUT && told.accepted() == sales.stock();
        if (site.wrk().isEmpty() || (!soldOut && scenario != Scenario.SUSTAINED)) {
            return Optional.empty();
        }
        out.println("  wrk: the ceiling of the same, closed model, 256 connections");
        if (soldOut) {
            return Optional.of(site.wrk().get().run(sales.gateway(), sales.ids().get(0)));
        }
        Sales fresh = open("ceiling", List.of(CEILING_STOCK));
        Wrk.Run run = site.wrk().get().run(fresh.gateway(), fresh.ids().get(0));
        Blocking.await(atRest(fresh.ids().get(0)), PATIENCE);
        audits.add(audit(fresh.ids().get(0), Optional.empty()));
        return Optional.of(run);
    }

    private Future<Void> atRest(String saleId) {
        return api.audit(saleId)
                .map(audit -> audit.inFlight() == 0)
                .otherwise(false)
                .compose(rests -> rests
                        ? Future.succeededFuture()
                        : vertx.timer(LOOK_MS, TimeUnit.MILLISECONDS).compose(v -> atRest(saleId)));
    }

    private AuditReport audit(String saleId, Optional<ClientHistory> history)
            throws Blocking.FailedException, InterruptedException {
        return Blocking.await(
                history.isPresent() ? auditor.audit(saleId, history.get()) : auditor.audit(saleId), PATIENCE);
    }

    /** From the last 202 to the first look that found everything in MySQL; 0 if that was so by then. */
    private static long lag(Counting counting, List<Gauges.Look> looks) {
        long last = counting.start() + counting.timeline().lastAcceptedMicros() / 1_000;
        return looks.stream()
                .filter(look -> look.stored() >= counting.told().accepted())
                .findFirst()
                .map(look -> Math.max(0, look.epochMillis() - last))
                .orElse(0L);
    }
}
