package chatql;

import static org.assertj.core.api.Assertions.assertThat;

import chatql.lifecycle.LifecyclePhase;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.SmartLifecycle;

/** The order in which the components of a pod with both roles stop. */
@ExtendWith(KafkaBroker.class)
class LifecyclePhasesIT {
    private static World world;
    private static ConfigurableListableBeanFactory beans;
    private static Map<String, SmartLifecycle> all;

    @BeforeAll
    static void start() {
        world = new World();
        beans = world.pod().beans();
        all = beans.getBeansOfType(SmartLifecycle.class);
    }

    @AfterAll
    static void stop() {
        world.close();
    }

    @Test
    void everyLifecycleHasItsDocumentedPhase() {
        Map<String, Integer> ours = all.entrySet().stream()
                .filter(bean -> bean.getValue().getClass().getName().startsWith("chatql."))
                .collect(Collectors.toMap(
                        Map.Entry::getKey, bean -> bean.getValue().getPhase(), (one, same) -> one, TreeMap::new));

        assertThat(ours)
                .isEqualTo(Map.of(
                        "truncationWatch", LifecyclePhase.LOG_WATCH,
                        "logIdentityWatch", LifecyclePhase.LOG_WATCH,
                        "identityCheckedProducer", LifecyclePhase.LOG_WATCH,
                        "tap", LifecyclePhase.TAP,
                        "tapLag", LifecyclePhase.BACKGROUND,
                        "brokerLiveness", LifecyclePhase.BACKGROUND,
                        "repairCheckpoints", LifecyclePhase.BACKGROUND,
                        "historyStreams", LifecyclePhase.HISTORY,
                        "producerShutdown", LifecyclePhase.APPENDER,
                        "drain", LifecyclePhase.DRAIN));
    }

    /** Spring stops a bean's dependents with it: one of a lower phase would be counted in the wrong phase. */
    @Test
    void noLifecycleStopsBeforeItsDependents() {
        all.forEach((name, bean) -> assertThat(dependents(name))
                .filteredOn(all::containsKey)
                .allSatisfy(dependent -> assertThat(all.get(dependent).getPhase())
                        .as("%s depends on %s", dependent, name)
                        .isGreaterThanOrEqualTo(bean.getPhase())));
    }

    private static Set<String> dependents(String name) {
        var found = new HashSet<String>();
        collect(name, found);
        return found;
    }

    private static void collect(String name, Set<String> found) {
        for (String dependent : beans.getDependentBeans(name)) {
            if (found.add(dependent)) {
                collect(dependent, found);
            }
        }
    }
}
