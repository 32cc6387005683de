package chatql.user;

import java.util.List;

/**
 * A page of users, in the order of their usernames.
 *
 * @param hasNext whether more users follow
 */
public record UserPage(List<User> users, boolean hasNext) {}
