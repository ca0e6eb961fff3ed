package io.seckill.loadtest.simulation.world;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * What happens in a world: a sale begins, shoppers come, things go wrong, then right again; at last everything unpaid
 * expires and fresh shoppers take what is left. In between and at the end the promises are checked.
 */
final class Story {
    private static final int PROMISE_MS = 30_000;
    private static final int GATEWAYS_KNOW_MS = 1_000;

    private final World world;
    private final Promises promises;
    private final Crowd crowd;
    private final Operator operator;
    private boolean asking;

    Story(World world) {
        this.world = world;
        this.promises = world.promises();
        this.crowd = new Crowd(world);
        this.operator = new Operator(world);
    }

    void tell() {
        int stock = world.chance().below(6) + 2;
        promises.sale(stock);
        world.fleet().start();
        if (!world.runUntil(world.fleet()::isServing, 10_000)) {
            world.fail("nobody serves shoppers after 10 s without any trouble");
            return;
        }
        long troubleMs = world.troubles().forMs();
        world.troubles().begin(() -> crowd.come(4, 200));
        crowd.come(stock + 2 + world.chance().below(8), troubleMs);
        world.runFor(troubleMs);
        world.troubles().end();
        world.runUntil(world.fleet()::isServing, 10_000);
        world.trace("no more troubles");
        check("202 stored within 30 s", promises::allStored, "2. every 202 is in MySQL");
        check("shoppers got answers", crowd::isDone, "7. purchases succeed again");
        check("outbox and queues empty", promises::nothingInFlight, "2. every accepted order is delivered");
        check("everything unpaid ended", promises::nothingPending, "4. unpaid orders expire");
        check("units are back", promises::restocked, "4. freed units come back");
        audit();
        sellOut();
        audit();
        promises.putAside(world.troubles().poison());
        promises.atTheEnd();
    }

    private void sellOut() {
        if (world.isBroken()) {
            return;
        }
        // Until the last gateway has heard that units came back.
        world.runFor(GATEWAYS_KNOW_MS);
        int left = promises.unitsLeft();
        List<Crowd.Shopper> last = new ArrayList<>();
        for (int i = 0; i < left + 2; i++) {
            last.add(crowd.buyToKeep("fresh-" + i));
        }
        check("sells again", () -> last.stream().allMatch(Crowd.Shopper::isDone), "7. purchases succeed again");
        if (world.isBroken()) {
            return;
        }
        long sold = last.stream().filter(Crowd.Shopper::hasOrder).count();
        if (sold != left) {
            world.fail("4. no unit leaks: " + left + " units should be left, " + sold + " were sold");
        }
        check("202 stored within 30 s", promises::allStored, "2. every 202 is in MySQL");
    }

    /** By a gateway's own count, which reads the ledger and Redis in its own way. */
    private void audit() {
        VirtualHttp.Answer[] answer = new VirtualHttp.Answer[1];
        Fleet.Place place = world.chance().of(world.fleet().gateways());
        check("an audit is answered", () -> answer[0] != null || ask(place, answer), "6. the audit answers");
        if (answer[0] != null && !Boolean.TRUE.equals(new JsonObject(answer[0].body()).getBoolean("balanced"))) {
            world.fail("6. the audit balances: " + answer[0].body() + "; " + promises.state());
        }
    }

    private boolean ask(Fleet.Place place, VirtualHttp.Answer[] to) {
        if (!asking) {
            asking = operator.audit(place, answer -> {
                asking = false;
                to[0] = answer.status() == 200 ? answer : null;
            });
        }
        return false;
    }

    private void check(String what, java.util.function.BooleanSupplier condition, String promise) {
        if (!world.isBroken() && !world.runUntil(condition, PROMISE_MS)) {
            world.fail(promise + ": not within 30 s (" + what + "); " + promises.state());
        }
    }
}
