package io.seckill.local;

import io.seckill.loadtest.Demo;
import io.seckill.loadtest.StackAddress;
import io.seckill.loadtest.TokenMint;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code ./seckill demo}: the stack, a sale, a rush and the audit, in one go. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Brings the stack up, opens a sale, sends a rush of buyers at it, waits until every accepted order is in"
                    + " MySQL and prints the audit. The shop stays open until Ctrl-C, with a sale for you to try.",
            "A stack that was up already stays up."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./seckill demo",
            "  ./seckill demo --once                           for scripts: exit 0 only if the audit balances",
            "  ./seckill demo --once --units 100 --buyers 2000 --gateways 1 --workers 1"
        })
final class DemoCommand implements Callable<Integer> {
    @ParentCommand
    private SeckillMain main;

    @Mixin
    private Sizes sizes;

    @Option(names = "--once", description = "Exit after the audit: 0 if it balances, else 1.")
    private boolean once;

    @Option(names = "--units", paramLabel = "N", defaultValue = "1000", description = "Stock (${DEFAULT-VALUE}).")
    private int units;

    @Option(names = "--buyers", paramLabel = "N", defaultValue = "20000", description = "Rush (${DEFAULT-VALUE}).")
    private int buyers;

    @Override
    public Integer call() throws InterruptedException {
        Demo.Options options = new Demo.Options(units, buyers);
        Progress progress = new Progress(System.out);
        LocalStack stack = new LocalStack(main.settings(), progress);
        boolean wasUp = stack.running();
        try (CtrlC cleanup = CtrlC.then(() -> {
            if (!wasUp) {
                stack.stopStarted();
            }
        })) {
            stack.up(sizes.gateways(), sizes.workers());
            Map<String, String> addresses = stack.addresses();
            StackAddress address = StackAddress.from(addresses::get);
            TokenMint mint = TokenMint.of(stack.jwtKeys(), TokenCommand.AUDIENCE);
            boolean balanced = Demo.run(address, mint, options, System.out);
            if (!once) {
                boolean offered = Demo.offerATry(address, mint);
                String shop = addresses.get("SECKILL_GATEWAYS").split(" ")[0];
                String console = addresses.get("SECKILL_MANAGEMENT").split(" ")[0];
                progress.line("the shop is open at %s%s".formatted(shop, offered ? ", with a sale for you" : ""));
                progress.line("the console is at %s; ./seckill token --user me --role admin prints a token for it"
                        .formatted(console));
                progress.line("Ctrl-C ends the demo");
                new CountDownLatch(1).await();
            }
            if (!wasUp) {
                stack.stopStarted();
            }
            return balanced ? 0 : 1;
        } catch (RuntimeException failure) {
            if (!wasUp) {
                stack.stopStarted();
            }
            throw failure;
        }
    }
}
