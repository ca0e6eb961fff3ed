package io.seckill.local;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code ./seckill down}: stops the stack. */
@Command(
        name = "down",
        mixinStandardHelpOptions = true,
        description = {
            "Stops all of it: gateways, workers, payment provider and Prometheus first, then the servers that up started. Data stays.",
            "Fine when nothing runs."
        },
        footerHeading = "%nExample:%n",
        footer = "  ./seckill down && rm -rf .seckill/data    and forget every sale")
final class DownCommand implements Callable<Integer> {
    @ParentCommand
    private SeckillMain main;

    @Override
    public Integer call() {
        new LocalStack(main.settings(), new Progress(System.out)).down();
        return 0;
    }
}
