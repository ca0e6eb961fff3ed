package io.seckill.loadtest;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Sends a crowd of buyers at a sale, by the schedule and whatever the system answers, and keeps what each was told. Runs
 * on one event loop: it shares a small machine with the system that it measures. What one request does is in
 * {@link Ask}.
 */
public final class Rush extends VerticleBase {

    private static final int TICK_MS = 1;
    private static final int PROGRESS_MS = 100;
    /** Arrivals sent in one go; between two such batches the event loop reads replies. */
    private static final int BATCH = 64;

    private final RushPlan plan;
    private final Crowd crowd;
    private final Consumer<Progress> listener;
    private final Buyer[] buyers;
    private final RequestOptions[] targets;
    private final Promise<RushResult> result = Promise.promise();
    private HttpClient client;
    private Tally tally;
    private long startNanos;
    private long tickTimer;
    private long progressTimer;
    private int next;
    private int settled;
    private boolean batchPending;
    private boolean over;

    private Rush(RushPlan plan, Crowd crowd, Consumer<Progress> listener) {
        if (crowd.size() != plan.arrivals().count()) {
            throw new IllegalArgumentException(
                    crowd.size() + " buyers for " + plan.arrivals().count() + " arrivals");
        }
        this.plan = plan;
        this.crowd = crowd;
        this.listener = listener;
        this.buyers = new Buyer[crowd.size()];
        this.targets = plan.gateways().stream()
                .map(url -> new RequestOptions()
                        .setMethod(HttpMethod.POST)
                        .setAbsoluteURI(url + "/api/v1/sales/" + plan.saleId() + "/orders"))
                .toArray(RequestOptions[]::new);
    }

    /**
     * Runs a whole rush.
     *
     * @param listener told every tenth of a second and at the end, on the rush's event loop: must not block
     * @return the result, at the latest when the plan's patience is over; fails only if the rush could not be run
     */
    public static Future<RushResult> run(Vertx vertx, RushPlan plan, Crowd crowd, Consumer<Progress> listener) {
        Rush rush = new Rush(plan, crowd, listener);
        return vertx.deployVerticle(rush).compose(id -> rush.result.future().eventually(() -> vertx.undeploy(id)));
    }

    @Override
    public Future<?> start() {
        RushPlan.Limits limits = plan.limits();
        int timeoutMs = Math.toIntExact(limits.requestTimeout().toMillis());
        // The timeout sits on the connections and not on the requests: a timer less for each of these.
        HttpClientOptions options = new HttpClientOptions()
                .setKeepAlive(true)
                .setConnectTimeout(timeoutMs)
                .setIdleTimeout(timeoutMs)
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
        // Requests that wait for a connection are bounded by the crowd.
        PoolOptions pool = new PoolOptions()
                .setHttp1MaxSize(limits.connectionsPerGateway())
                .setMaxWaitQueueSize(-1);
        client = vertx.httpClientBuilder().with(options).with(pool).build();
        return connect().map(connected -> {
            begin();
            return null;
        });
    }

    /**
     * Opens the connections before the clock starts, by looking at the sale on each: a shopper who waits for T0 has hers
     * open too. Whether a look succeeds is of no matter here.
     */
    private Future<?> connect() {
        int each = Math.min(plan.limits().connectionsPerGateway(), buyers.length / targets.length + 1);
        List<Future<?>> looks = new ArrayList<>();
        for (String url : plan.gateways()) {
            RequestOptions look = new RequestOptions().setAbsoluteURI(url + "/api/v1/sales/" + plan.saleId());
            for (int i = 0; i < each; i++) {
                looks.add(client.request(look).compose(HttpClientRequest::send).compose(response -> response.end()));
            }
        }
        return Future.join(looks)
                .timeout(plan.limits().requestTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .otherwiseEmpty();
    }

    private void begin() {
        RushPlan.Limits limits = plan.limits();
        startNanos = System.nanoTime();
        tally = new Tally(startNanos, limits.lateThreshold());
        tickTimer = vertx.setPeriodic(TICK_MS, id -> admit());
        progressTimer = vertx.setPeriodic(PROGRESS_MS, id -> listener.accept(tally.progress(System.nanoTime())));
        vertx.setTimer(plan.arrivals().ramp().plus(limits.patience()).toMillis(), id -> finish());
    }

    /** Lets in everybody whose time has come, a batch at a time. */
    private void admit() {
        if (over || batchPending) {
            return;
        }
        int due = plan.arrivals().dueBy(System.nanoTime() - startNanos);
        int limit = Math.min(due, next + BATCH);
        while (next < limit) {
            arrive(next);
            next++;
        }
        if (next == buyers.length) {
            vertx.cancelTimer(tickTimer);
        } else if (next < due) {
            batchPending = true;
            context.runOnContext(v -> {
                batchPending = false;
                admit();
            });
        }
    }

    private void arrive(int index) {
        long intended = startNanos + plan.arrivals().offsetNanos(index);
        tally.arrived(System.nanoTime() - intended);
        Buyer buyer = new Buyer(crowd.user(index), intended, 1 + plan.copies());
        buyers[index] = buyer;
        for (int copy = 0; copy <= plan.copies(); copy++) {
            new Ask(this, buyer, crowd.authorization(index), index + copy).send();
        }
    }

    Future<HttpClientRequest> request(int gateway) {
        return client.request(targets[Math.floorMod(gateway, targets.length)]);
    }

    void timer(long delayMs, Runnable then) {
        vertx.setTimer(delayMs, id -> then.run());
    }

    void buyerSettled() {
        settled++;
        if (settled == buyers.length) {
            finish();
        }
    }

    boolean isOver() {
        return over;
    }

    Tally tally() {
        return tally;
    }

    RushPlan plan() {
        return plan;
    }

    private void finish() {
        if (over) {
            return;
        }
        over = true;
        vertx.cancelTimer(tickTimer);
        vertx.cancelTimer(progressTimer);
        listener.accept(tally.progress(System.nanoTime()));
        // Undeploying closes the client and the timers of whoever is still waiting.
        result.complete(summary());
    }

    private RushResult summary() {
        Map<String, Set<String>> accepted = new HashMap<>();
        Set<String> refused = new HashSet<>();
        Set<String> inDoubt = new HashSet<>();
        Map<Buyer.Ending, Integer> endings = new EnumMap<>(Buyer.Ending.class);
        for (Buyer buyer : buyers) {
            if (buyer == null) {
                // A generator so starved that the patience ended before everybody was let in: never asked, so nothing
                // is owed to this one. The lateness of the others has made the run void.
                endings.merge(Buyer.Ending.UNRESOLVED, 1, Integer::sum);
                continue;
            }
            buyer.abandon();
            if (buyer.isAccepted()) {
                accepted.put(buyer.user, buyer.orderIds());
            } else {
                endings.merge(buyer.worstEnding(), 1, Integer::sum);
            }
            if (buyer.isInDoubt()) {
                inDoubt.add(buyer.user);
            } else if (!buyer.isAccepted()) {
                refused.add(buyer.user);
            }
        }
        RushResult.Buyers counts = new RushResult.Buyers(
                buyers.length,
                accepted.size(),
                endings.getOrDefault(Buyer.Ending.ANSWERED, 0),
                endings.getOrDefault(Buyer.Ending.TURNED_AWAY, 0),
                endings.getOrDefault(Buyer.Ending.UNRESOLVED, 0));
        int tolerated = (int) (plan.limits().lateShare() * buyers.length);
        return tally.result(counts, tolerated, new ClientHistory(accepted, refused, inDoubt));
    }
}
