/** Whether the chart installs what the gateway needs, and nothing that is open by accident. */
@NullMarked
package chatql.k8s;

import org.jspecify.annotations.NullMarked;
