package chatql.security;

/** What becomes of a request by its Host. */
public enum HostVerdict {
    SERVED,
    /** RFC 9112, 3.2: none in HTTP/1.1, more than one, or one that is no host. */
    MALFORMED,
    /** A name that isn't this gateway's, such as one that DNS rebinding has pointed at it. */
    FOREIGN
}
