package chatql.embedded;

import java.util.List;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

/** Matches if {@code spring.kafka.bootstrap-servers} is missing or blank. */
final class NoBrokerNamed implements Condition {
    private static final String BOOTSTRAP_SERVERS = "spring.kafka.bootstrap-servers";

    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
        return in(context.getEnvironment());
    }

    static boolean in(Environment environment) {
        return Binder.get(environment).bind(BOOTSTRAP_SERVERS, Bindable.listOf(String.class)).orElse(List.of()).stream()
                .noneMatch(StringUtils::hasText);
    }
}
