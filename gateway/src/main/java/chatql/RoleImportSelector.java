package chatql;

import chatql.kafka.HistoryConfiguration;
import chatql.kafka.RemoteHistoryConfiguration;
import chatql.setting.PropertyConstraints;
import java.util.Set;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ImportSelector;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/** Selects the configuration classes for the roles of this pod. */
final class RoleImportSelector implements ImportSelector {
    private static final PropertyConstraints HISTORY = new PropertyConstraints("chatql.history");

    private final Set<Role> roles;

    RoleImportSelector(Environment environment) {
        Binder settings = Binder.get(environment);
        roles = settings.bindOrCreate("chatql", RoleSettings.class).roles();
        // Checked here and not where the URL is used: by then the gateway has already waited for Kafka.
        HISTORY.that(
                roles.contains(Role.HISTORY)
                        || settings.bind("chatql.history.url", String.class).isBound(),
                "url",
                null,
                "the address of the pods with the role history, because this pod does not have it");
    }

    @Override
    public String[] selectImports(AnnotationMetadata importing) {
        Class<?> history = roles.contains(Role.HISTORY) ? HistoryConfiguration.class : RemoteHistoryConfiguration.class;
        return roles.contains(Role.EDGE)
                ? new String[] {EdgeConfiguration.class.getName(), history.getName()}
                : new String[] {history.getName()};
    }
}
