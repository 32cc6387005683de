/** Checks that the chart installs what the gateway needs, and opens nothing by accident. */
@NullMarked
package chatql.k8s;

import org.jspecify.annotations.NullMarked;
