package chatql.k8s;

import com.marcnuri.helm.jni.NativeLibrary;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.ServiceLoader;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Skips a test only where helm-java has no library for the platform. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsHelm.Condition.class)
@interface NeedsHelm {
    /** Whether there is a native library for this platform. */
    final class Condition implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return ServiceLoader.load(NativeLibrary.class).findFirst().isPresent()
                    ? ConditionEvaluationResult.enabled("Helm's library is available")
                    : ConditionEvaluationResult.disabled(
                            "helm-java has no library for %s on %s: the chart is not tested"
                                    .formatted(System.getProperty("os.name"), System.getProperty("os.arch")));
        }
    }
}
