/** Authentication and authorization of callers, and the checks against attacks from browsers. */
@NullMarked
package chatql.security;

import org.jspecify.annotations.NullMarked;
