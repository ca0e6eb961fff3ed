package io.seckill.local;

import io.seckill.loadtest.ExpiryMeasurement;
import io.seckill.loadtest.StackAddress;
import io.seckill.loadtest.TokenMint;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ./seckill measure expiry}: how late unpaid orders expire. */
@Command(
        name = "expiry",
        mixinStandardHelpOptions = true,
        description = {
            "Opens a sale, buys all of it in orders of one unit, pays none, and prints how much later than their payment"
                    + " window they expired, how many a sweep had to catch, and when the last unit could be bought again.",
            "Exits 0 if all expired, 99 in 100 of them within a second, and all units came back."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./seckill up --gateways 1 --workers 2 --detach",
            "  ./seckill measure expiry --orders 10000 --window 5"
        })
final class MeasureExpiryCommand implements Callable<Integer> {
    private static final int MOST_ORDERS = 1_000_000;
    private static final int LONGEST_WINDOW_S = 3_600;

    @ParentCommand
    private MeasureCommand measure;

    @Spec
    private CommandSpec spec;

    @Option(names = "--orders", paramLabel = "N", defaultValue = "10000", description = "How many (${DEFAULT-VALUE}).")
    private int orders;

    @Option(
            names = "--window",
            paramLabel = "SECONDS",
            defaultValue = "5",
            description = "How long each could be paid (${DEFAULT-VALUE}).")
    private int window;

    @Override
    public Integer call() throws InterruptedException {
        OptionRange.check(spec, "--orders", orders, 1, MOST_ORDERS);
        OptionRange.check(spec, "--window", window, 1, LONGEST_WINDOW_S);
        LocalStack stack = new LocalStack(measure.settings(), new Progress(System.out));
        if (!stack.running()) {
            throw new LaunchFailure("nothing runs; ./seckill up starts it");
        }
        boolean good = ExpiryMeasurement.run(
                StackAddress.from(stack.addresses()::get),
                stack.workers(),
                TokenMint.of(stack.jwtKeys(), TokenCommand.AUDIENCE),
                new ExpiryMeasurement.Options(orders, window),
                System.out);
        return good ? 0 : 1;
    }
}
