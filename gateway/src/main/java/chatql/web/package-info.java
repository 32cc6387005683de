/** The pages, and the documents for machines. */
@NullMarked
package chatql.web;

import org.jspecify.annotations.NullMarked;
