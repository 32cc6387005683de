package chatql.user;

import java.util.Optional;
import reactor.core.publisher.Mono;

/** Which name belongs to whom, for good: the first claim of a name wins, everywhere alike. */
public interface Directory {
    /**
     * Claims the name, for a user who has an id or for a new one. Completes after the claim is durable and its verdict known, with {@link Claim.Won}
     * or {@link Claim.Taken}. Errors with {@link DirectoryUnavailable} when either can't be had in time; the claim may
     * then have been made all the same.
     */
    Mono<Claim> claim(Username username, Optional<UserId> own);

    /** The user of that name, empty when nobody has it; sees every claim that has been answered. Errors with {@link DirectoryUnavailable}. */
    Mono<User> find(Username username);

    /**
     * The users that are looked for, in the order of their names without regard to case; sees every claim that has been
     * answered. Errors with {@link DirectoryUnavailable}.
     */
    Mono<UserPage> search(Search search);
}
