package io.kanana.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.CanBeAnnotated.Predicates.annotatedWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The arrows between modules, and the rules that hold in all of them. */
class ArchitectureTest {
  private static final Path ROOT = Path.of(System.getProperty("kanana.root", ".."));

  /** What each module may use besides itself. */
  private static final Map<String, Set<String>> ARROWS =
      Map.of(
          "core", Set.of(),
          "data", Set.of("core"),
          "pretrain", Set.of("core", "data"),
          "posttrain", Set.of("core", "data"),
          "eval", Set.of("core"),
          "spark", Set.of("core", "data"),
          "cuda", Set.of("core"),
          "benchmarks", Set.of("core", "data", "pretrain", "posttrain"),
          "cli", Set.of("core", "data", "pretrain", "posttrain", "eval"));

  private static JavaClasses all;

  @BeforeAll
  static void load() {
    all =
        new ClassFileImporter()
            .importPaths(
                ARROWS.keySet().stream()
                    .map(ArchitectureTest::compiled)
                    .filter(Files::isDirectory)
                    .toList());
  }

  private static Path compiled(String module) {
    return ROOT.resolve("kanana-" + module + "/target/classes");
  }

  @Test
  void sourcesOfEveryModuleLieInItsOwnPackages() throws IOException {
    Map<String, String> owner = new HashMap<>();
    for (String module : ARROWS.keySet()) {
      for (String name : packages(module)) {
        assertThat(name).startsWith("io.kanana." + module);
        assertThat(owner.put(name, module)).as("modules with package %s", name).isNull();
      }
    }
  }

  private static List<String> packages(String module) throws IOException {
    Path sources = ROOT.resolve("kanana-" + module + "/src/main/java");
    try (Stream<Path> files = Files.walk(sources)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .map(file -> sources.relativize(file.getParent()).toString().replace('/', '.'))
          .distinct()
          .toList();
    }
  }

  @TestFactory
  Stream<DynamicTest> modulesUseOnlyThoseBelow() {
    return ARROWS.entrySet().stream()
        .map(arrow -> DynamicTest.dynamicTest(arrow.getKey(), () -> below(arrow.getKey())));
  }

  private static void below(String module) {
    String[] forbidden =
        ARROWS.keySet().stream()
            .filter(other -> !other.equals(module) && !ARROWS.get(module).contains(other))
            .map(other -> "io.kanana." + other + "..")
            .toArray(String[]::new);
    noClasses()
        .that()
        .resideInAPackage("io.kanana." + module + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(forbidden)
        .allowEmptyShould(true)
        .check(all);
  }

  /** And regression heads, which Deeplearning4j trains on its arrays. */
  @Test
  void onlyTheTensorPackageKnowsNd4j() {
    noClasses()
        .that()
        .resideOutsideOfPackages("io.kanana.core.tensor..", "io.kanana.data.classify.regression")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.nd4j..")
        .check(all);
    noClasses()
        .that()
        .resideOutsideOfPackage("io.kanana.core.tensor..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.bytedeco..")
        .check(all);
  }

  @Test
  void onlyRegressionHeadsKnowDeeplearning4j() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.kanana.data.classify.regression")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.deeplearning4j..")
        .check(all);
  }

  @Test
  void onlyTheEngineKnowsSpark() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.kanana.spark.engine..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.spark..", "scala..")
        .check(all);
  }

  @Test
  void corePackagesHaveNoCycles() {
    slices().matching("io.kanana.core.(*)..").should().beFreeOfCycles().check(all);
  }

  @Test
  void onlyTheCommandLinePrintsAndExits() {
    DescribedPredicate<JavaClass> commandLine =
        resideInAnyPackage("io.kanana.cli..", "io.kanana.benchmarks..");
    noClasses()
        .that(DescribedPredicate.not(commandLine))
        .and()
        .haveNameNotMatching("io\\.kanana\\.spark\\.Main(\\$.*)?") // what spark-submit starts
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .orShould()
        .callMethod(System.class, "exit", int.class)
        .orShould()
        .callMethod(Runtime.class, "halt", int.class)
        .check(all);
  }

  /** Names of files, formats and messages are the same on every machine, in ASCII digits. */
  @Test
  void nothingDependsOnTheLocaleOfTheMachine() {
    noClasses()
        .that(DescribedPredicate.not(resideInAnyPackage("io.kanana.benchmarks..")))
        .should()
        .callMethod(String.class, "formatted", Object[].class)
        .orShould()
        .callMethod(String.class, "format", String.class, Object[].class)
        .orShould()
        .callMethod(String.class, "toUpperCase")
        .orShould()
        .callMethod(String.class, "toLowerCase")
        .orShould()
        .callMethod(PrintWriter.class, "printf", String.class, Object[].class)
        .orShould()
        .callMethod(PrintStream.class, "printf", String.class, Object[].class)
        .orShould()
        .callMethod(DateTimeFormatter.class, "ofPattern", String.class)
        .check(all);
  }

  @Test
  void classesAreAbstractOrFinal() {
    classes()
        .that()
        .areNotInterfaces()
        .and()
        .areNotEnums()
        .and()
        .areNotAnonymousClasses()
        .and(DescribedPredicate.not(extendedByTheBenchmarkHarness()))
        .should()
        .haveModifier(JavaModifier.FINAL)
        .orShould()
        .haveModifier(JavaModifier.ABSTRACT)
        .check(all);
  }

  /** JMH generates subclasses of the classes that it times. */
  private static DescribedPredicate<JavaClass> extendedByTheBenchmarkHarness() {
    return DescribedPredicate.or(
        annotatedWith("org.openjdk.jmh.annotations.State"),
        resideInAPackage("io.kanana.benchmarks.jmh_generated"));
  }

  @Test
  void noConcreteMethodIsOverridden() {
    ArchRuleDefinition.methods()
        .that()
        .areDeclaredInClassesThat()
        .resideInAPackage("io.kanana..")
        .should(overrideNoConcreteMethodOfOurs())
        .check(all);
  }

  private static ArchCondition<JavaMethod> overrideNoConcreteMethodOfOurs() {
    return new ArchCondition<>("override no concrete method of a class") {
      @Override
      public void check(JavaMethod method, ConditionEvents events) {
        method.getOwner().getAllRawSuperclasses().stream()
            .filter(parent -> parent.getPackageName().startsWith("io.kanana"))
            .flatMap(
                parent ->
                    parent
                        .tryGetMethod(
                            method.getName(),
                            method.getRawParameterTypes().stream()
                                .map(JavaClass::getName)
                                .toArray(String[]::new))
                        .stream())
            .filter(overridden -> !overridden.getModifiers().contains(JavaModifier.ABSTRACT))
            .filter(overridden -> !overridden.getModifiers().contains(JavaModifier.PRIVATE))
            .forEach(
                overridden ->
                    events.add(
                        SimpleConditionEvent.violated(
                            method, method.getFullName() + " overrides " + overridden)));
      }
    };
  }
}
