package io.seckill.loadtest.micro;

import io.seckill.gateway.purchase.Purchase;
import io.seckill.gateway.purchase.ReserveBatcher;
import io.seckill.gateway.sale.SaleRow;
import io.seckill.gateway.sale.SaleView;
import io.seckill.gateway.tracing.PurchaseTrace;
import io.seckill.schema.message.Lot;
import io.seckill.schema.message.OrderBatch;
import io.seckill.schema.redis.ReserveOutcome;
import io.seckill.schema.redis.ReserveOutcome.Accepted;
import io.seckill.schema.redis.ReserveReply;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The batcher between so many purchases that wait and a Redis that accepts all of them at once: what gathering, asking and
 * settling cost without any server. Microseconds a batch.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class BatcherBenchmark {
    @Param({"1", "16", "128", "256"})
    public int purchases;

    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private List<String> users;
    private SaleView sale;
    private Future<ReserveReply> reply;
    private ReserveBatcher batcher;
    private int decided;

    @Setup
    public void prepare() {
        users = IntStream.range(0, purchases)
                .mapToObj(i -> "user-" + (100_000 + i))
                .toList();
        sale = SaleView.of(new SaleRow(
                "benchmark", "t", "", "", 990, "CNY", 1_000, 3, 0, 1, 900, 1, 1, SaleRow.Phase.SELLING, false));
        List<ReserveOutcome> accepted = Collections.nCopies(purchases, new Accepted(1));
        reply = Future.succeededFuture(new ReserveReply.Decided(1_800_000_000_000L, 1, 1_000, 42, 900, accepted));
        batcher = new ReserveBatcher(
                tasks::add,
                (keys, epoch, leaseMs, confirmed, asked) ->
                        asked.isEmpty() ? Future.succeededFuture(ReserveReply.Closed.STALE) : reply,
                () -> sale,
                60_000,
                OrderBatch.MAX_ORDERS,
                new Counting());
    }

    @Benchmark
    public int batch() {
        for (String user : users) {
            batcher.offer(new Purchase(sale, user, 1, null, 0, null, PurchaseTrace.NONE));
        }
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
        return decided;
    }

    private final class Counting implements ReserveBatcher.Results {
        @Override
        public Future<Void> accepted(Lot lot, List<Purchase> purchases, long askedNanos) {
            return Future.succeededFuture();
        }

        @Override
        public boolean isWorthAsking(Purchase purchase) {
            return true;
        }

        @Override
        public void decided(Purchase purchase, ReserveOutcome outcome, Lot lot, Future<Void> confirm) {
            decided++;
        }

        @Override
        public void closed(Purchase purchase, ReserveReply.Closed why) {
            throw new IllegalStateException("closed: " + why);
        }

        @Override
        public void refused(Purchase purchase) {
            throw new IllegalStateException("refused");
        }

        @Override
        public void unknown(Purchase purchase) {
            throw new IllegalStateException("unknown");
        }

        @Override
        public void called(List<Purchase> purchases, long askedNanos) {}
    }
}
