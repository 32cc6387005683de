package chatql.user;

import java.util.Optional;
import reactor.core.publisher.Mono;

/**
 * Which name belongs to whom, for good: the first claim of a name wins, everywhere alike, and names that look alike are one
 * ({@link UsernameProfile#skeleton}). Names that were claimed before that was so stay whose they are.
 */
public interface UserDirectory {
    /**
     * Claims the name, which {@link UsernameProfile} allows, for a user who has an id or for a new one. Completes after the claim is durable and its verdict known, with {@link ClaimResult.Won}
     * or {@link ClaimResult.Taken}. Errors with {@link UserDirectoryUnavailable} when either can't be had in time; the claim may
     * then have been made all the same.
     */
    Mono<ClaimResult> claimResult(Username username, Optional<UserId> own);

    /**
     * The user of that name: who has it as it is written, or else without regard to case ({@link UsernameProfile#isSame}). Of
     * several, whose names are older than that, it is who has it in small letters. Empty when no user has it, or when none of
     * several does so. Sees every claim that has been answered. Errors with
     * {@link UserDirectoryUnavailable}.
     */
    Mono<User> find(Username username);

    /**
     * The users that are looked for, in the order of their names without regard to case; sees every claim that has been
     * answered. Errors with {@link UserDirectoryUnavailable}.
     */
    Mono<UserPage> search(UserSearch userSearch);
}
