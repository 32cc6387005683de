package chatql.security;

/**
 * Whether callers may look around: at the schema, and at the page to try its operations on.
 *
 * @param schema whether introspection is answered and GraphiQL is served
 */
public record Explorable(boolean schema) {}
