package chatql.security;

/**
 * Whether callers may look around: at the schema, at the page to try it on, and at the topic's contract.
 *
 * @param schema whether introspection is answered, and GraphiQL and the AsyncAPI document are served
 */
public record IntrospectionPolicy(boolean schema) {}
