/** What the settings are called, what they may be, and what is said of one that is wrong. */
@NullMarked
package chatql.setting;

import org.jspecify.annotations.NullMarked;
