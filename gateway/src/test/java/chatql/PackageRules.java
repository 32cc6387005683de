package chatql;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.lang.syntax.elements.ClassesShouldConjunction;
import java.util.stream.Stream;

/** The allowed dependencies between the packages of one parent. */
record PackageRules(String parent) {
    /** A package may use only those named after it, and never the parent itself. */
    ClassesShouldConjunction only(String name, String... below) {
        String[] allowed = Stream.concat(Stream.of(name), Stream.of(below))
                .map(packageName -> parent + "." + packageName)
                .toArray(String[]::new);
        return noClasses()
                .that()
                .resideInAPackage(parent + "." + name)
                .should()
                .dependOnClassesThat(resideInAPackage(parent + "..").and(not(resideInAnyPackage(allowed))));
    }
}
