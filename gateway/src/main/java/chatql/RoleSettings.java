package chatql;

import chatql.setting.PropertyConstraints;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What this pod is for.
 *
 * @param roles {@code edge} serves clients and keeps nothing; {@code history} keeps its share of history and names and
 *     serves other pods
 */
@ConfigurationProperties("chatql")
record RoleSettings(@DefaultValue({"edge", "history"}) Set<Role> roles) {
    RoleSettings {
        new PropertyConstraints("chatql").that(!roles.isEmpty(), "roles", "", "one or both of edge, history");
    }
}
