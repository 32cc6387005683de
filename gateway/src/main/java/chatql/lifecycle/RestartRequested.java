package chatql.lifecycle;

import org.springframework.context.ApplicationContext;

/**
 * The event that requests a new start of the whole application in the same process.
 *
 * @param context the application that is to be replaced
 */
public record RestartRequested(ApplicationContext context) {}
