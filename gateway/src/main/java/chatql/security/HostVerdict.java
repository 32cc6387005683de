package chatql.security;

/** The result of checking a request's {@code Host}. */
public enum HostVerdict {
    SERVED,
    /** None in HTTP/1.1, more than one, or an invalid one: RFC 9112, 3.2. */
    MALFORMED,
    /** A name of another site, such as one that DNS rebinding points at this gateway. */
    FOREIGN
}
