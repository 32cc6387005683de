package chatql.user;

/** A user with a claimed username. */
public record User(Username username, UserId userId) {}
