package io.seckill.local.payments;

import io.seckill.gateway.payment.PaymentSignature;
import io.seckill.schema.config.InvalidSettings;
import io.seckill.schema.config.Settings;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * The provider's configuration, from the environment.
 *
 * @param port on the loopback; 0 takes any free one
 * @param secrets what signs, shared with the gateways
 * @param gateways their shopper addresses, {@code http://host:port}
 */
record PaymentProviderConfig(int port, PaymentSignature secrets, List<String> gateways) {
    private static final String ADDRESS = "http://[A-Za-z0-9.-]+:[0-9]{1,5}";

    /** @throws InvalidSettings with all errors */
    static PaymentProviderConfig read(Function<String, String> environment) {
        Settings settings = new Settings(environment);
        int port = settings.integer("SECKILL_PAYMENTS_PORT", 9280, 0, 65535);
        String secrets = settings.secret("SECKILL_PAYMENT_SECRETS", PaymentSignature::isValid, PaymentSignature.FORM);
        String gateways = settings.matching(
                "SECKILL_PAYMENT_GATEWAYS",
                null,
                text -> text.matches(ADDRESS + "(," + ADDRESS + ")*"),
                "http://HOST:PORT[,http://HOST:PORT...]");
        return settings.finish(new PaymentProviderConfig(
                port, PaymentSignature.parse(secrets), List.copyOf(Arrays.asList(gateways.split(",")))));
    }
}
