package chatql.user;

/** Somebody with a name and an id. */
public record User(Username username, UserId userId) {}
