package chatql.user;

import java.util.Optional;
import reactor.core.publisher.Mono;

/**
 * The port to usernames. Claims are permanent: the first claim of a username wins on all pods. Usernames that look
 * alike count as the same one ({@link UsernameProfile#skeleton}). Usernames that were claimed before this rule keep
 * their users.
 */
public interface UserDirectory {
    /**
     * Claims a username, which {@link UsernameProfile} allows, for a user who has an id or for a new one. Completes
     * after the claim is durable and decided, with {@link ClaimResult.Won} or {@link ClaimResult.Taken}. Errors with
     * {@link UserDirectoryUnavailable} on a timeout; the claim may have been made nevertheless.
     */
    Mono<ClaimResult> claimResult(Username username, Optional<UserId> own);

    /**
     * Finds the user of the username as written, or else regardless of case ({@link UsernameProfile#isSame}). If
     * several older usernames match, the user of the one in small letters is found. Empty if no user matches, or if
     * several match and none is in small letters. Sees every claim that has been answered. Errors with
     * {@link UserDirectoryUnavailable}.
     */
    Mono<User> find(Username username);

    /**
     * Searches users, in the order of their usernames regardless of case. Sees every claim that has been answered.
     * Errors with {@link UserDirectoryUnavailable}.
     */
    Mono<UserPage> search(UserSearch userSearch);
}
