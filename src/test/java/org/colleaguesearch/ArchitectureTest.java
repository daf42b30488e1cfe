package org.colleaguesearch;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Dependencies point one way: from the command line and tooling to the product, and there from the edge to the domain.
 */
class ArchitectureTest {
    private static final String TOOLING = "org.colleaguesearch.tooling..";
    private static final String COMMANDS = "org.colleaguesearch.cli..";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.colleaguesearch");

    @Test
    void packagesHaveNoCycles() {
        slices().matching("org.colleaguesearch.(*)..").should().beFreeOfCycles().check(CLASSES);
        slices().matching("org.colleaguesearch.tooling.(*)..")
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }

    @Test
    void productDoesNotDependOnTooling() {
        noClasses()
                .that(resideInAPackage("org.colleaguesearch.*..")
                        .and(JavaClass.Predicates.resideOutsideOfPackages(TOOLING, COMMANDS)))
                .should()
                .dependOnClassesThat(resideInAnyPackage(TOOLING, COMMANDS))
                .check(CLASSES);
        noClasses()
                .that(resideInAPackage(TOOLING))
                .should()
                .dependOnClassesThat(resideInAPackage(COMMANDS))
                .check(CLASSES);
    }

    @Test
    void onlyCommandsDependOnTheWebPackage() {
        noClasses()
                .that(JavaClass.Predicates.resideOutsideOfPackages("org.colleaguesearch.web..", COMMANDS))
                .should()
                .dependOnClassesThat(resideInAPackage("org.colleaguesearch.web.."))
                .check(CLASSES);
    }

    @Test
    void rootPackageHasOnlyTheMainClass() {
        assertThat(CLASSES.stream()
                        .filter(each -> each.getPackageName().equals("org.colleaguesearch"))
                        .map(JavaClass::getSimpleName))
                .containsExactlyInAnyOrder("ColleagueSearch", "Launcher");
    }

    @Test
    void classNamesAreUnique() {
        assertThat(CLASSES.stream()
                        .filter(JavaClass::isTopLevelClass)
                        .filter(each -> !each.getSimpleName().equals("package-info"))
                        .collect(Collectors.groupingBy(JavaClass::getSimpleName))
                        .values())
                .allSatisfy(same -> assertThat(same).hasSize(1));
    }
}
