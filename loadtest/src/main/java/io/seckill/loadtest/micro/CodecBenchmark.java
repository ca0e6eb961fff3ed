package io.seckill.loadtest.micro;

import io.seckill.schema.message.Lot;
import io.seckill.schema.message.OrderBatch;
import io.seckill.schema.message.OrderLine;
import io.vertx.core.buffer.Buffer;
import java.util.List;
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

/** The message from a gateway to the workers: a lot of so many orders, written and read. Microseconds a message. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class CodecBenchmark {
    @Param({"1", "16", "128", "256"})
    public int orders;

    private OrderBatch batch;
    private Buffer encoded;

    @Setup
    public void prepare() {
        List<OrderLine> lines = IntStream.range(0, orders)
                .mapToObj(i -> new OrderLine("user-" + (100_000 + i), 1, 1))
                .toList();
        batch = new OrderBatch(List.of(new Lot("benchmark", 1, 42, 1_800_000_000_000L, 900, lines)));
        encoded = batch.encode();
    }

    @Benchmark
    public Buffer encode() {
        return batch.encode();
    }

    @Benchmark
    public OrderBatch decode() {
        return OrderBatch.decode(encoded);
    }
}
