package io.seckill.local;

import io.seckill.loadtest.TokenMint;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ./seckill token}: signs bearer tokens with the local stack's key. Needs no running stack. */
@Command(
        name = "token",
        mixinStandardHelpOptions = true,
        description = {
            "Prints a signed bearer token for the local stack, or with --count that many lines userId<TAB>token.",
            "A user id is 1 to 64 printable ASCII characters without a space. Tokens hold for a day."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./seckill token --user alice",
            "  ./seckill token --user ops --role admin",
            "  ./seckill token --count 20000 --prefix buyer- > buyers.tsv"
        })
final class TokenCommand implements Callable<Integer> {
    static final String AUDIENCE = "seckill";

    private static final Duration TTL = Duration.ofDays(1);
    private static final Pattern USER = Pattern.compile("[!-~]{1,64}");

    @ParentCommand
    private SeckillMain main;

    @Spec
    private CommandSpec spec;

    @ArgGroup(multiplicity = "1")
    private Who who;

    @Option(
            names = "--role",
            paramLabel = "ROLE",
            description = "A role for the token: admin opens the operators' API.")
    private String role;

    @Option(
            names = "--prefix",
            paramLabel = "P",
            defaultValue = "u",
            description = "What the user ids of --count begin with (${DEFAULT-VALUE}).")
    private String prefix;

    /** One user, or many. */
    static final class Who {
        @Option(names = "--user", paramLabel = "ID", required = true, description = "The token's user.")
        String user;

        @Option(names = "--count", paramLabel = "N", required = true, description = "Tokens for users P1 to PN.")
        int count;
    }

    @Override
    public Integer call() {
        if (who.user == null && who.count < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--count is %d; it must be 1 or more".formatted(who.count));
        }
        requireUser(who.user == null ? prefix + who.count : who.user);
        TokenMint mint = TokenMint.of(new LocalStack(main.settings(), new Progress(System.out)).jwtKeys(), AUDIENCE);
        PrintStream out = new PrintStream(
                new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16),
                false,
                StandardCharsets.US_ASCII);
        if (who.user != null) {
            out.println(mint.mint(who.user, role, TTL));
        } else {
            for (int number = 1; number <= who.count; number++) {
                String user = prefix + number;
                out.println(user + "\t" + mint.mint(user, role, TTL));
            }
        }
        out.flush();
        return 0;
    }

    private void requireUser(String user) {
        if (!USER.matcher(user).matches()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "'%s' is no user id: it must be 1 to 64 printable ASCII characters without a space"
                            .formatted(user));
        }
    }
}
