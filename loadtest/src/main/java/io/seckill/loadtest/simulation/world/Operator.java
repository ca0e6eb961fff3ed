package io.seckill.loadtest.simulation.world;

import io.vertx.core.http.HttpMethod;
import java.util.Map;
import java.util.function.Consumer;

/** Somebody with an operator's token, at the management listener of some gateway. */
final class Operator {
    private static final String SALE = "/admin/v1/sales/" + World.SALE;

    private final World world;

    Operator(World world) {
        this.world = world;
    }

    /** @return false if that gateway serves nobody at the moment */
    boolean audit(Fleet.Place place, Consumer<VirtualHttp.Answer> then) {
        return call(place, HttpMethod.GET, SALE + "/audit", then);
    }

    /** A rebuild of a sale that Redis may well have whole, and sell. */
    void rebuild() {
        call(world.chance().of(world.fleet().gateways()), HttpMethod.POST, SALE + "/rebuild", answer -> {});
    }

    private boolean call(Fleet.Place place, HttpMethod method, String path, Consumer<VirtualHttp.Answer> then) {
        VirtualHttp.Server server = place.management();
        if (server == null) {
            return false;
        }
        Map<String, String> headers = Map.of("authorization", "Bearer admin");
        world.scheduler()
                .in(
                        0,
                        place.process(),
                        this,
                        () -> server.handle(
                                VirtualHttp.request(world, place.process(), method, path, headers, null, answer -> {
                                    world.trace(path + ": " + answer.status() + " " + answer.body());
                                    then.accept(answer);
                                })));
        return true;
    }
}
