package chatql;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.targetOwner;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.elements.ClassesShouldConjunction;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.reactivestreams.Publisher;

/** The allowed dependencies of packages, and the conventions that a compiler does not check. */
@AnalyzeClasses(packages = "chatql", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String[] PLAIN = {
        "java..", "org.jspecify..", "reactor.core..", "reactor.util..", "org.reactivestreams.."
    };

    /** Types of one package: a package with more has more than one concept. */
    private static final long MAX_CLASSES = 17;

    // --- dependencies between packages

    @ArchTest
    static final ArchRule userPackageDependsOnNoOther = plain("chatql.user")
            .because("every package may ask for the caller: it depends only on the JDK and Reactor's types");

    @ArchTest
    static final ArchRule messagesKnowUsersOnly = plain("chatql.message", "chatql.user")
            .because("a message must not depend on where it is stored or how it is sent: put that behind a port here"
                    + " and its adapter in chatql.kafka");

    @ArchTest
    static final ArchRule historyKnowsMessagesAndUsersOnly = plain("chatql.history", "chatql.message", "chatql.user")
            .because("delivery queries history, and never the other way round");

    @ArchTest
    static final ArchRule deliveryKnowsHistoryMessagesAndUsersOnly = plain(
                    "chatql.delivery", "chatql.history", "chatql.message", "chatql.user")
            .because("the join of history and live is tested without Kafka and without GraphQL, and must stay so");

    @ArchTest
    static final ArchRule kafkaKnowsDomainOnly = ofOurs(
                    "chatql.kafka",
                    "chatql.delivery",
                    "chatql.history",
                    "chatql.json",
                    "chatql.lifecycle",
                    "chatql.limit",
                    "chatql.message",
                    "chatql.user",
                    "chatql.logging",
                    "chatql.metrics",
                    "chatql.setting",
                    "chatql.tracing")
            .because("an adapter serves the ports of the domain; what GraphQL needs of Kafka goes through one of them");

    @ArchTest
    static final ArchRule graphqlKnowsDomainOnly = ofOurs(
                    "chatql.graphql",
                    "chatql.delivery",
                    "chatql.history",
                    "chatql.json",
                    "chatql.lifecycle",
                    "chatql.limit",
                    "chatql.message",
                    "chatql.user",
                    "chatql.logging",
                    "chatql.metrics",
                    "chatql.security",
                    "chatql.setting",
                    "chatql.tracing")
            .because("the operations are the same wherever messages are stored: call a port of the domain");

    @ArchTest
    static final ArchRule securityKnowsUsersOnly = ofOurs(
                    "chatql.security", "chatql.logging", "chatql.metrics", "chatql.setting", "chatql.user")
            .allowEmptyShould(true)
            .because("permissions depend only on the caller");

    @ArchTest
    static final ArchRule limitsKnowUsersOnly = ofOurs(
                    "chatql.limit", "chatql.metrics", "chatql.setting", "chatql.user")
            .because("rate limits depend on the user and the address, and not on the operation");

    @ArchTest
    static final ArchRule tracingKnowsMessagesOnly = ofOurs("chatql.tracing", "chatql.message", "chatql.setting")
            .because("it traces messages everywhere, and must not depend on where that is");

    @ArchTest
    static final ArchRule operatorsKnowMessagesOnly = ofOurs("chatql.admin", "chatql.message", "chatql.user")
            .because("a command defines its options and exit codes; the implementation is behind a port of the domain");

    @ArchTest
    static final ArchRule pagesKnowSecurityAndLimitsOnly = ofOurs(
                    "chatql.web", "chatql.limit", "chatql.security", "chatql.setting")
            .because("a page uses the API as any client does");

    @ArchTest
    static final ArchRule settingPackageDependsOnNoOther = ofOurs("chatql.setting")
            .because("every part validates its settings with it, and it depends on none of them");

    @ArchTest
    static final ArchRule lifecyclePackageDependsOnNoOther =
            ofOurs("chatql.lifecycle").because("it is the order of all parts, and depends on none of them");

    @ArchTest
    static final ArchRule loggingPackageDependsOnNoOther =
            ofOurs("chatql.logging").because("the rate of log lines does not depend on their content");

    @ArchTest
    static final ArchRule jsonPackageDependsOnNoOther =
            ofOurs("chatql.json").because("parsing does not depend on a text's sender or meaning");

    @ArchTest
    static final ArchRule metricsPackageDependsOnNoOther =
            ofOurs("chatql.metrics").because("it has only names: the adapters count, and the domain reports to them");

    @ArchTest
    static final ArchRule embeddedBrokerDependsOnNoGatewayPackage =
            ofOurs("chatql.embedded").because("it is a broker like any other to the gateway, and a module of its own");

    @ArchTest
    static final ArchRule rootPackageIsUsedByNoOther = noClasses()
            .that()
            .resideOutsideOfPackage("chatql")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("chatql")
            .because("chatql wires the parts: a part receives its dependencies in its constructor");

    @ArchTest
    static final ArchRule fastPathIsUsedByRootPackageOnly = noClasses()
            .that()
            .resideOutsideOfPackages("chatql", "chatql.graphql.fastpath")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("chatql.graphql.fastpath")
            .because(
                    "the fast path is an optimization of what graphql-java does: without it every operation is executed,"
                            + " and nothing else changes");

    @ArchTest
    static final ArchRule packagesHaveNoCycle = slices().matching("chatql.(*)..")
            .should()
            .beFreeOfCycles()
            .because("two packages that need each other are one, or the port is in the wrong one");

    @ArchTest
    static void packagesOfKafkaAndTransportAreSmall(JavaClasses classes) {
        Map<String, Long> sizes = classes.stream()
                .filter(resideInAnyPackage("chatql.kafka..", "chatql.graphql.transport.."))
                .filter(type -> type.isTopLevelClass() && !type.getSimpleName().equals("package-info"))
                .collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()));

        assertThat(sizes)
                .isNotEmpty()
                .allSatisfy((name, size) -> assertThat(size).as(name).isLessThanOrEqualTo(MAX_CLASSES));
    }

    // --- libraries with one user

    @ArchTest
    static final ArchRule onlyOnePackageKnowsKafka = noClasses()
            .that()
            .resideOutsideOfPackages("chatql.kafka..", "chatql.embedded..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.kafka..", "kafka..", "reactor.kafka..", "org.springframework.kafka..")
            .because(
                    "chatql.kafka is the only package that knows Kafka: add a port to the domain and implement it there");

    @ArchTest
    static final ArchRule onlyOnePackageKnowsGraphQl = noClasses()
            .that()
            .resideOutsideOfPackage("chatql.graphql..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("graphql..", "org.springframework.graphql..")
            .because("chatql.graphql is the only package that knows GraphQL: return a value of the domain");

    @ArchTest
    static final ArchRule onlyOnePackageKnowsOpenTelemetry = noClasses()
            .that()
            .resideOutsideOfPackage("chatql.tracing")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.opentelemetry..", "io.micrometer.tracing.otel..")
            .because("chatql.tracing is the only package that knows OpenTelemetry: trace a message with MessageTracing,"
                    + " and an observation with SpanHandler, which keeps clients' texts out of spans");

    @ArchTest
    static final ArchRule metersAreBuiltInMetricsPackageOnly = noClasses()
            .that()
            .resideOutsideOfPackage("chatql.metrics")
            .should()
            .callMethodWhere(targetOwner(resideInAPackage("io.micrometer.core.instrument.."))
                    .and(target(name("builder"))))
            .because("a dashboard queries by name: add the meter to Meters, and describe it in docs/metrics.md");

    @ArchTest
    static final ArchRule jsonIsConfiguredInOnePackageOnly = noClasses()
            .that()
            .resideInAnyPackage("chatql.kafka..", "chatql.graphql..")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("tools.jackson.core.json.JsonFactory")
            .orShould()
            .callMethodWhere(targetOwner(assignableTo("tools.jackson.databind.json.JsonMapper"))
                    .and(target(nameMatching("shared|builder|builderWithJackson2Defaults"))))
            .orShould()
            .callConstructor("tools.jackson.databind.json.JsonMapper")
            .because("Jackson's defaults cache field names, which clients and producers choose: use"
                    + " UntrustedJson.mapper");

    // --- conventions

    @ArchTest
    static final ArchRule classNamesHaveNoVagueSuffix = noClasses()
            .should()
            .haveSimpleNameEndingWith("Manager")
            .orShould()
            .haveSimpleNameEndingWith("Helper")
            .orShould()
            .haveSimpleNameEndingWith("Impl")
            .orShould()
            .haveSimpleNameEndingWith("Service")
            .orShould()
            .haveSimpleNameEndingWith("Util")
            .orShould()
            .haveSimpleNameEndingWith("Utils")
            .because("these words fit any class and do not describe this one: use the field's own term");

    @ArchTest
    static final ArchRule dependenciesAreInjectedByConstructor = fields().should()
            .notBeAnnotatedWith("org.springframework.beans.factory.annotation.Autowired")
            .andShould()
            .notBeAnnotatedWith("jakarta.inject.Inject")
            .andShould()
            .notBeAnnotatedWith("jakarta.annotation.Resource")
            .because("an object is complete once it exists: take it in the constructor, and wire it in a @Bean method");

    @ArchTest
    static final ArchRule settingsAreBoundByConfigurationProperties = noClasses()
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("org.springframework.beans.factory.annotation.Value")
            .because("a key has its default, its unit and its sentence in a @ConfigurationProperties record");

    @ArchTest
    static final ArchRule noCodeBlocksOnReactiveTypes = noClasses()
            .should()
            .callMethodWhere(
                    targetOwner(assignableTo(Publisher.class)).and(target(nameMatching("block(First|Last|Optional)?"))))
            .because("a blocked thread serves no other request: return the Mono or Flux");

    @ArchTest
    static final ArchRule noCodeSleeps = noClasses()
            .should()
            .callMethodWhere(targetOwner(assignableTo(Thread.class).or(assignableTo(TimeUnit.class)))
                    .and(target(name("sleep"))))
            .because("time is not a condition: wait for the condition itself, with a bound, on a Scheduler");

    private static ClassesShouldConjunction plain(String of, String... ours) {
        String[] allowed = Stream.of(Stream.of(PLAIN), Stream.of(of), Stream.of(ours))
                .flatMap(packages -> packages)
                .toArray(String[]::new);
        return classes()
                .that()
                .resideInAPackage(of + "..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(allowed);
    }

    private static ClassesShouldConjunction ofOurs(String of, String... ours) {
        String[] allowed = Stream.concat(Stream.of(of + ".."), Stream.of(ours)).toArray(String[]::new);
        return noClasses()
                .that()
                .resideInAPackage(of + "..")
                .should()
                .dependOnClassesThat(resideInAPackage("chatql..").and(not(resideInAnyPackage(allowed))));
    }
}
