package io.seckill.local;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class DpkgStatusTest {
    private static final String LIBC = "Package: libc6\nStatus: install ok installed\nVersion: 2.36";
    private static final String ERLANG = "Package: erlang-base\nDepends: libc6 (>= 2.34)\nVersion: 1:25";
    private static final String CRYPTO = "Package: erlang-crypto\nDepends: erlang-base (= 1:25), libc6";
    private static final String ELIXIR = "Package: elixir\nDepends: libc6, foo | erlang-base:any (>= 1:21)";
    private static final String TOOL = "Package: ejabberd-tool\nPre-Depends: elixir\nDescription: needs\n erlang-base";
    private static final String READER = "Package: reader\nDescription: about erlang-base\n Depends: not a field";

    private static String status(String... paragraphs) {
        return String.join("\n\n", paragraphs) + "\n";
    }

    @Test
    void shouldForgetAFamilyAndAllThatNeedsIt() {
        assertEquals(
                status(LIBC, READER),
                DpkgStatus.without(status(LIBC, TOOL, ERLANG, CRYPTO, ELIXIR, READER), "rabbitmq|erlang"));
    }

    @Test
    void shouldKeepTheListWhenNothingOfTheFamilyIsInstalled() {
        assertEquals(status(LIBC, READER), DpkgStatus.without(status(LIBC, READER), "redis"));
        assertEquals("", DpkgStatus.without("", "redis"));
    }
}
