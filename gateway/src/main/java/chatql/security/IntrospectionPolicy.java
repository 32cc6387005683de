package chatql.security;

/**
 * Whether clients may read the API's schema.
 *
 * @param schema whether introspection is enabled, and GraphiQL and the AsyncAPI document are served
 */
public record IntrospectionPolicy(boolean schema) {}
