package chatql.security;

import org.jspecify.annotations.Nullable;

/**
 * What the chat page must know to sign its user in.
 *
 * @param token whether callers need a token
 * @param subjectClaim the token's claim that has the user's id
 * @param issuer the tokens' issuer; null where only its keys are configured
 */
public record AuthRequirements(
        boolean token, String subjectClaim, @Nullable String issuer) {}
