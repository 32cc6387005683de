package chatql;

import chatql.setting.PropertyConstraints;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The roles of this pod.
 *
 * @param roles {@code edge} serves clients and stores nothing; {@code history} stores its partitions of history and
 *     usernames, and serves other pods
 */
@ConfigurationProperties("chatql")
record RoleSettings(@DefaultValue({"edge", "history"}) Set<Role> roles) {
    RoleSettings {
        new PropertyConstraints("chatql").that(!roles.isEmpty(), "roles", "", "one or both of edge, history");
    }
}
