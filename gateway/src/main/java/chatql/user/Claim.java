package chatql.user;

/** How the claim of a name ended. */
public sealed interface Claim {
    record Won(User user) implements Claim {}

    record Taken() implements Claim {}
}
