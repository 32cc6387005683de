package chatql;

import chatql.kafka.HistoryConfiguration;
import chatql.kafka.RemoteHistoryConfiguration;
import java.util.EnumSet;
import java.util.Set;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.annotation.ImportSelector;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/** The parts that a pod has by its roles, {@code chatql.roles}: both, when none is named. */
final class Roles implements ImportSelector {
    private static final String PROPERTY = "chatql.roles";

    private final Set<Role> roles;

    Roles(Environment environment) {
        this.roles = Binder.get(environment)
                .bind(PROPERTY, Bindable.setOf(Role.class))
                .orElse(EnumSet.allOf(Role.class));
        if (roles.isEmpty()) {
            throw new InvalidConfigurationPropertyValueException(
                    PROPERTY, "", "A pod has one role at least: edge, history");
        }
    }

    @Override
    public String[] selectImports(AnnotationMetadata importing) {
        Class<?> history = roles.contains(Role.HISTORY) ? HistoryConfiguration.class : RemoteHistoryConfiguration.class;
        return roles.contains(Role.EDGE)
                ? new String[] {Edge.class.getName(), history.getName()}
                : new String[] {history.getName()};
    }
}
