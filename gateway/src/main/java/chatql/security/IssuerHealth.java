package chatql.security;

import java.time.Duration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import reactor.core.publisher.Mono;

/** Whether this pod can check tokens: it is down without keys, and not for having old ones. */
record IssuerHealth(IssuerKeys keys) implements ReactiveHealthIndicator {
    @Override
    public Mono<Health> health() {
        return Mono.fromSupplier(this::now);
    }

    private Health now() {
        Health.Builder health = switch (keys.state()) {
            case CURRENT -> Health.up();
            case OLD -> Health.up().withDetail("reason", "The issuer's keys cannot be read: old ones are used");
            case NONE -> Health.down().withDetail("reason", "There are no keys of the issuer");
        };
        keys.age().map(Duration::toSeconds).ifPresent(seconds -> health.withDetail("keysAgeSeconds", seconds));
        return health.build();
    }
}
