/** The application: its configuration by role, and its entry point. */
@NullMarked
package chatql;

import org.jspecify.annotations.NullMarked;
