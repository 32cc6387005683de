package chatql.security;

import java.time.Duration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import reactor.core.publisher.Mono;

/** Reports whether this pod can verify tokens: down without keys, up with old ones. */
record IssuerHealth(IssuerKeys keys) implements ReactiveHealthIndicator {
    @Override
    public Mono<Health> health() {
        return Mono.fromSupplier(this::now);
    }

    private Health now() {
        Health.Builder health = switch (keys.state()) {
            case CURRENT -> Health.up();
            case OLD -> Health.up().withDetail("reason", "Cannot fetch the issuer's keys: using the previous ones");
            case NONE -> Health.down().withDetail("reason", "No keys of the issuer are available");
        };
        keys.age().map(Duration::toSeconds).ifPresent(seconds -> health.withDetail("keysAgeSeconds", seconds));
        return health.build();
    }
}
