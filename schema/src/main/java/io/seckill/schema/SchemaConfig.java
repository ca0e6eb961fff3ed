package io.seckill.schema;

import io.seckill.schema.access.MysqlAccess;
import io.seckill.schema.access.Role;
import io.seckill.schema.config.InvalidSettings;
import io.seckill.schema.config.ServerSettings;
import io.seckill.schema.config.Settings;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The schema job's configuration; {@link SchemaMain} carries it out.
 *
 * @param accounts the services' MySQL users, as far as they are named; who is not named is left alone
 */
public record SchemaConfig(ServerSettings servers, Map<Role, String> accounts) {
    public SchemaConfig {
        accounts = Map.copyOf(accounts);
    }

    /** @throws InvalidSettings with all that is wrong */
    public static SchemaConfig read(Function<String, String> environment) {
        Settings settings = new Settings(environment);
        ServerSettings servers = ServerSettings.read(settings);
        Map<Role, String> accounts = new EnumMap<>(Role.class);
        for (Role role : List.of(Role.GATEWAY, Role.WORKER)) {
            String account = settings.matching(
                    accountVariable(role), "", MysqlAccess::isAccount, "an existing user, user or user@host");
            if (!account.isEmpty()) {
                accounts.put(role, account);
            }
        }
        return settings.finish(new SchemaConfig(servers, accounts));
    }

    /** The variable that names a service's MySQL user to this job. */
    public static String accountVariable(Role role) {
        return "SECKILL_" + role + "_MYSQL_USER";
    }
}
