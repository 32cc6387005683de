package chatql.user;

import java.util.List;

/**
 * Some users, in the order of their names.
 *
 * @param hasNext whether there are others behind them
 */
public record UserPage(List<User> users, boolean hasNext) {}
