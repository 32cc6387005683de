package chatql;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.elements.ClassesShouldConjunction;
import java.util.stream.Stream;

/** The packages of chatql.graphql.transport from the ground up, each with those that it may use. */
@AnalyzeClasses(packages = "chatql", importOptions = ImportOption.DoNotIncludeTests.class)
class TransportArchitectureTest {
    @ArchTest
    static final ArchRule request =
            only("request").because("what a client sent is read before anything is done about it");

    @ArchTest
    static final ArchRule budget =
            only("budget", "request").because("memory is reserved for whatever runs, without knowing what that is");

    @ArchTest
    static final ArchRule admission =
            only("admission", "request", "budget").because("a client is admitted before its operation runs");

    @ArchTest
    static final ArchRule execution = only("execution", "request", "budget", "admission")
            .because("an operation runs in the same way over every protocol");

    @ArchTest
    static final ArchRule connection =
            only("connection", "request", "budget").because("a queue and its end are the same for every protocol");

    @ArchTest
    static final ArchRule http = only("http", "request", "budget", "admission", "execution", "connection")
            .because("no protocol depends on another");

    @ArchTest
    static final ArchRule websocket = only("websocket", "request", "budget", "admission", "execution", "connection")
            .because("no protocol depends on another");

    @ArchTest
    static final ArchRule sse = only("sse", "request", "budget", "admission", "execution", "connection")
            .because("no protocol depends on another");

    @ArchTest
    static final ArchRule packagesHaveNoCycle = slices().matching("chatql.graphql.transport.(*)..")
            .should()
            .beFreeOfCycles()
            .because("a package that needs one above it holds something that belongs below");

    /** A package in chatql.graphql.transport may use those named after it only, and never the assembly, chatql.graphql.transport itself. */
    private static ClassesShouldConjunction only(String name, String... below) {
        String[] allowed = Stream.concat(Stream.of(name), Stream.of(below))
                .map(packageName -> "chatql.graphql.transport." + packageName)
                .toArray(String[]::new);
        return noClasses()
                .that()
                .resideInAPackage("chatql.graphql.transport." + name)
                .should()
                .dependOnClassesThat(
                        resideInAPackage("chatql.graphql.transport..").and(not(resideInAnyPackage(allowed))));
    }
}
