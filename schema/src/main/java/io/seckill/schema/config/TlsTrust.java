package io.seckill.schema.config;

import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** Who is believed to be a server: whoever has a certificate of a CA in a file, made out to the name that was called. */
public final class TlsTrust {
    /** The name or address in the URI must be one of the certificate's, as in HTTPS. */
    static final String VERIFY_HOST = "HTTPS";

    private TlsTrust() {}

    static TrustOptions of(String caFile) {
        return new PemTrustOptions().addCertPath(caFile);
    }

    /**
     * The same for a client that opens its sockets without asking for the host to be verified, as vertx-rabbitmq-client
     * does: the check is asked for when the certificate is about to be judged.
     */
    static TrustOptions withHost(String caFile) {
        try {
            return TrustOptions.wrap(new HostVerifying(standard(caFile)));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the certificates in " + caFile + " cannot be read any more", e);
        }
    }

    /** Whether there is a file with at least one certificate, and nothing broken in it. */
    public static boolean isReadable(String caFile) {
        try {
            return !certificates(caFile).isEmpty();
        } catch (CertificateException | IOException | InvalidPathException e) {
            return false;
        }
    }

    private static java.util.Collection<? extends Certificate> certificates(String caFile)
            throws CertificateException, IOException {
        try (InputStream in = Files.newInputStream(Path.of(caFile))) {
            return CertificateFactory.getInstance("X.509").generateCertificates(in);
        }
    }

    private static X509ExtendedTrustManager standard(String caFile) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int number = 0;
        for (Certificate certificate : certificates(caFile)) {
            store.setCertificateEntry("ca-" + number++, certificate);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager extended) {
                return extended;
            }
        }
        throw new IllegalStateException("every JDK has one");
    }

    private static final class HostVerifying extends X509ExtendedTrustManager {
        private final X509ExtendedTrustManager standard;

        HostVerifying(X509ExtendedTrustManager standard) {
            this.standard = standard;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            if (!(socket instanceof SSLSocket tls)) {
                throw new CertificateException("no TLS socket, so no host to verify");
            }
            SSLParameters parameters = tls.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm(VERIFY_HOST);
            tls.setSSLParameters(parameters);
            standard.checkServerTrusted(chain, type, tls);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm(VERIFY_HOST);
            engine.setSSLParameters(parameters);
            standard.checkServerTrusted(chain, type, engine);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException("no connection, so no host to verify");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            throw new CertificateException("this is no server");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            throw new CertificateException("this is no server");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException("this is no server");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return standard.getAcceptedIssuers();
        }
    }
}
