/** Names and validation of the settings, and the reports of invalid ones. */
@NullMarked
package chatql.setting;

import org.jspecify.annotations.NullMarked;
