package chatql.user;

/** The result of a claim of a username. */
public sealed interface ClaimResult {
    record Won(User user) implements ClaimResult {}

    record Taken() implements ClaimResult {}
}
