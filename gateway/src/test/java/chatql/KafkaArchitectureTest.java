package chatql;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The packages of chatql.kafka from the bottom up, each with its allowed dependencies. */
@AnalyzeClasses(packages = "chatql", importOptions = ImportOption.DoNotIncludeTests.class)
class KafkaArchitectureTest {
    private static final PackageRules PACKAGES = new PackageRules("chatql.kafka");

    @ArchTest
    static final ArchRule recordPackageUsesAllowedPackagesOnly =
            PACKAGES.only("record").because("a format does not depend on its use");

    @ArchTest
    static final ArchRule failurePackageUsesAllowedPackagesOnly =
            PACKAGES.only("failure").because("the report of a failed start does not need the part that fails");

    @ArchTest
    static final ArchRule topicPackageUsesAllowedPackagesOnly =
            PACKAGES.only("topic", "failure").because("the topics are checked before any client reads or writes them");

    @ArchTest
    static final ArchRule clientPackageUsesAllowedPackagesOnly = PACKAGES.only("client", "record", "topic", "failure")
            .because("clients serve every other package and depend on none of them");

    @ArchTest
    static final ArchRule identityPackageUsesAllowedPackagesOnly =
            PACKAGES.only("identity", "topic", "client", "failure").because("checks of the log do not read messages");

    @ArchTest
    static final ArchRule rocksdbPackageUsesAllowedPackagesOnly =
            PACKAGES.only("rocksdb").because("files and memory do not depend on their content");

    @ArchTest
    static final ArchRule storePackageUsesAllowedPackagesOnly =
            PACKAGES.only("store", "record").because("a layout does not depend on its readers and writers");

    @ArchTest
    static final ArchRule consistencyPackageUsesAllowedPackagesOnly = PACKAGES.only("consistency", "client", "store")
            .because("how long a read waits does not depend on what it reads");

    @ArchTest
    static final ArchRule topologyPackageUsesAllowedPackagesOnly = PACKAGES.only(
                    "topology", "record", "topic", "client", "store", "consistency")
            .because("a test drives the processors without Kafka Streams running");

    @ArchTest
    static final ArchRule streamsPackageUsesAllowedPackagesOnly = PACKAGES.only(
                    "streams", "topic", "client", "identity", "rocksdb", "store", "consistency", "topology")
            .because("running the stores does not depend on their queries");

    @ArchTest
    static final ArchRule queryPackageUsesAllowedPackagesOnly = PACKAGES.only(
                    "query", "record", "topic", "store", "consistency", "streams")
            .because("a pod answers from its own stores without asking another pod");

    @ArchTest
    static final ArchRule peerPackageUsesAllowedPackagesOnly = PACKAGES.only(
                    "peer", "topic", "store", "consistency", "query")
            .because("pods exchange queries and results, and never read each other's stores");

    @ArchTest
    static final ArchRule tapPackageUsesAllowedPackagesOnly = PACKAGES.only(
                    "tap", "record", "topic", "client", "identity")
            .because("live delivery does not depend on history");

    @ArchTest
    static final ArchRule deadletterPackageUsesAllowedPackagesOnly = PACKAGES.only(
                    "deadletter", "record", "topic", "client", "failure")
            .because("the operator's command runs without a gateway");

    @ArchTest
    static final ArchRule packagesHaveNoCycle = slices().matching("chatql.kafka.(*)..")
            .should()
            .beFreeOfCycles()
            .because("a package that needs one above it contains something that belongs below");

    @ArchTest
    static final ArchRule onlyOnePackageUsesRocksDb = noClasses()
            .that()
            .resideOutsideOfPackage("chatql.kafka.rocksdb")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.rocksdb..")
            .because("native memory and files have one owner: put it into chatql.kafka.rocksdb");

    @ArchTest
    static final ArchRule tapAloneUsesReactorKafka = noClasses()
            .that()
            .resideOutsideOfPackage("chatql.kafka.tap")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("reactor.kafka..")
            .because("the tap is the only consumer with a receiver: read by BoundedConsumer elsewhere");

    @ArchTest
    static final ArchRule tapUsesNoKafkaStreams = noClasses()
            .that()
            .resideInAPackage("chatql.kafka.tap")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.kafka.streams..")
            .because("live delivery continues while history is rebuilt");

    @ArchTest
    static final ArchRule configurationsAloneAreUsedFromOutside = noClasses()
            .that()
            .resideOutsideOfPackage("chatql.kafka..")
            .should()
            .dependOnClassesThat(resideInAPackage("chatql.kafka..").and(not(simpleNameEndingWith("Configuration"))))
            .because(
                    "what is public here is public for the other packages of chatql.kafka only: use a port of the domain");
}
