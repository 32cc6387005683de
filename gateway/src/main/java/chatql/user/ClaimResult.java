package chatql.user;

/** How the claim of a name ended. */
public sealed interface ClaimResult {
    record Won(User user) implements ClaimResult {}

    record Taken() implements ClaimResult {}
}
