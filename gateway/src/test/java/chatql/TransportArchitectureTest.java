package chatql;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The packages of chatql.graphql.transport from the bottom up, each with its allowed dependencies. */
@AnalyzeClasses(packages = "chatql", importOptions = ImportOption.DoNotIncludeTests.class)
class TransportArchitectureTest {
    private static final PackageRules PACKAGES = new PackageRules("chatql.graphql.transport");

    @ArchTest
    static final ArchRule requestPackageUsesAllowedPackagesOnly =
            PACKAGES.only("request").because("a request is parsed before anything else");

    @ArchTest
    static final ArchRule budgetPackageUsesAllowedPackagesOnly =
            PACKAGES.only("budget", "request").because("memory is reserved for operations without depending on them");

    @ArchTest
    static final ArchRule admissionPackageUsesAllowedPackagesOnly =
            PACKAGES.only("admission", "request", "budget").because("a client is admitted before its operation runs");

    @ArchTest
    static final ArchRule executionPackageUsesAllowedPackagesOnly = PACKAGES.only(
                    "execution", "request", "budget", "admission")
            .because("an operation runs in the same way over every protocol");

    @ArchTest
    static final ArchRule connectionPackageUsesAllowedPackagesOnly = PACKAGES.only("connection", "request", "budget")
            .because("a queue and its end are the same for every protocol");

    @ArchTest
    static final ArchRule httpPackageUsesAllowedPackagesOnly = PACKAGES.only(
                    "http", "request", "budget", "admission", "execution", "connection")
            .because("no protocol depends on another");

    @ArchTest
    static final ArchRule websocketPackageUsesAllowedPackagesOnly = PACKAGES.only(
                    "websocket", "request", "budget", "admission", "execution", "connection")
            .because("no protocol depends on another");

    @ArchTest
    static final ArchRule ssePackageUsesAllowedPackagesOnly = PACKAGES.only(
                    "sse", "request", "budget", "admission", "execution", "connection")
            .because("no protocol depends on another");

    @ArchTest
    static final ArchRule packagesHaveNoCycle = slices().matching("chatql.graphql.transport.(*)..")
            .should()
            .beFreeOfCycles()
            .because("a package that needs one above it contains something that belongs below");
}
