package io.seckill.loadtest.micro;

import com.rabbitmq.client.AMQP;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.seckill.gateway.purchase.Purchase;
import io.seckill.gateway.sale.SaleRow;
import io.seckill.gateway.sale.SaleView;
import io.seckill.gateway.tracing.MessageTrace;
import io.seckill.gateway.tracing.OrderTrace;
import io.seckill.gateway.tracing.PurchaseTrace;
import io.seckill.gateway.tracing.PurchaseTraces;
import io.seckill.schema.amqp.Topology;
import io.seckill.schema.config.Settings;
import io.seckill.schema.config.TelemetrySettings;
import io.seckill.schema.message.Lot;
import io.seckill.schema.message.OrderBatch;
import io.seckill.schema.message.OrderLine;
import io.seckill.schema.tracing.Tracing;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What a gateway's path has to do for traces while nothing is traced, for a whole message of purchases: nanoseconds a message
 * and, with {@code -prof gc}, bytes.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TracingBenchmark {
    private final PurchaseTraces traces = new PurchaseTraces(Tracing.of(
            TelemetrySettings.read(new Settings(name -> null)), "benchmark", "benchmark", new SimpleMeterRegistry()));
    private final AMQP.BasicProperties plain = Topology.orderBatchProperties();
    private List<Purchase> purchases;
    private List<Lot> lots;

    @Setup
    public void prepare() {
        SaleView sale = SaleView.of(new SaleRow(
                "benchmark", "t", "", "", 990, "CNY", 1_000, 3, 0, 1, 900, 1, 1, SaleRow.Phase.SELLING, false));
        purchases = IntStream.range(0, OrderBatch.MAX_ORDERS)
                .mapToObj(i -> new Purchase(sale, "user-" + i, 1, null, 0, null, PurchaseTrace.NONE))
                .toList();
        lots = List.of(new Lot(
                "benchmark",
                1,
                1,
                1,
                900,
                purchases.stream()
                        .map(purchase -> new OrderLine(purchase.userId(), 1, 1))
                        .toList()));
    }

    @Benchmark
    public Object off() {
        for (Purchase purchase : purchases) {
            // The request is not looked at.
            PurchaseTrace trace = traces.begin(null, "benchmark");
            trace.accepted(purchase, false);
        }
        traces.reserved(purchases, 0);
        MessageTrace message = MessageTrace.leaving(lots, this::traced, OrderBatch.MAX_ORDERS);
        return message.properties(plain);
    }

    private List<OrderTrace> traced(Lot lot) {
        return traces.in(lot, purchases);
    }
}
