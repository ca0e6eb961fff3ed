package io.seckill.local;

import io.seckill.loadtest.StackAddress;
import io.seckill.loadtest.TokenMint;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code ./seckill audit}: the audit of one sale as a table. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        description = "Prints the audit of one sale as a table. Exits 0 if it balances, else 1.")
final class AuditCommand implements Callable<Integer> {
    @ParentCommand
    private SeckillMain main;

    @Parameters(paramLabel = "SALE_ID", description = "The sale's id.")
    private String sale;

    @Override
    public Integer call() {
        LocalStack stack = new LocalStack(main.settings(), new Progress(System.out));
        if (!stack.running()) {
            throw new LaunchFailure("nothing runs; ./seckill up starts it");
        }
        boolean balanced = io.seckill.loadtest.AuditCommand.run(
                StackAddress.from(stack.addresses()::get),
                TokenMint.of(stack.jwtKeys(), TokenCommand.AUDIENCE),
                sale,
                System.out);
        return balanced ? 0 : 1;
    }
}
