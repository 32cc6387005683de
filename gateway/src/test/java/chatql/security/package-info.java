@NullMarked
package chatql.security;

import org.jspecify.annotations.NullMarked;
