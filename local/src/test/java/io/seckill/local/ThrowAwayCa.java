package io.seckill.local;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** A certificate authority for the time of a test, made with the JDK's keytool. */
final class ThrowAwayCa {
    private static final String PASSWORD = "throw-away";
    private static final long LIMIT_S = 60;

    private final Path folder;
    private final Path certificate;

    ThrowAwayCa(Path folder) throws Exception {
        this.folder = Files.createDirectories(folder);
        this.certificate = folder.resolve("ca.pem");
        keytool(
                "-genkeypair",
                "-alias",
                "ca",
                "-keyalg",
                "RSA",
                "-dname",
                "CN=" + folder.getFileName(),
                "-ext",
                "bc:c=ca:true",
                "-validity",
                "2");
        keytool("-exportcert", "-alias", "ca", "-rfc", "-file", certificate.toString());
    }

    /** A certificate of this authority and its key, both PEM. */
    record Identity(Path certificate, Path key) {}

    Path certificate() {
        return certificate;
    }

    /** @param name whose it is, {@code ip:ADDRESS} or {@code dns:NAME} */
    Identity issue(String name) throws Exception {
        Path request = folder.resolve("request.pem");
        Identity identity = new Identity(folder.resolve("server.pem"), folder.resolve("server.key"));
        keytool("-genkeypair", "-alias", "server", "-keyalg", "RSA", "-dname", "CN=server", "-validity", "2");
        keytool("-certreq", "-alias", "server", "-file", request.toString());
        keytool(
                "-gencert",
                "-alias",
                "ca",
                "-infile",
                request.toString(),
                "-outfile",
                identity.certificate().toString(),
                "-ext",
                "san=" + name,
                "-validity",
                "2",
                "-rfc");
        Key key =
                KeyStore.getInstance(store().toFile(), PASSWORD.toCharArray()).getKey("server", PASSWORD.toCharArray());
        Files.writeString(
                identity.key(),
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded())
                        + "\n-----END PRIVATE KEY-----\n");
        return identity;
    }

    private Path store() {
        return folder.resolve("store.p12");
    }

    private void keytool(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("-keystore", store().toString(), "-storetype", "PKCS12", "-storepass", PASSWORD));
        Executables.Outcome outcome = Executables.run(command, Map.of(), LIMIT_S);
        assertTrue(outcome.ok(), outcome::output);
    }
}
