package chatql.security;

import org.jspecify.annotations.Nullable;

/**
 * What it takes to come in, as far as a page must know it to let its user in.
 *
 * @param token whether callers have to show one
 * @param subjectClaim which of its claims is the user's id
 * @param issuer who issues them; null where only the keys are known
 */
public record AuthRequirements(
        boolean token, String subjectClaim, @Nullable String issuer) {}
