package io.kanana.core.extension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.config.Binder;
import io.kanana.core.config.Yaml;
import io.kanana.core.error.ConfigException;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What every {@link ExtensionProvider} must keep; a provider's own test extends this. */
public abstract class ExtensionContract {
  /** The provider under test. */
  protected abstract ExtensionProvider provider();

  /**
   * For each extension that has keys without a default, YAML that gives them, by {@code kind/name}
   * as in {@code optimizer/adamw}.
   */
  protected abstract Map<String, String> required();

  @Test
  final void isFoundByTheServiceLoader() {
    assertThat(ServiceLoader.load(ExtensionProvider.class, getClass().getClassLoader()))
        .as("META-INF/services/%s", ExtensionProvider.class.getName())
        .anyMatch(found -> found.getClass() == provider().getClass());
  }

  @Test
  final void namesAreUnique() {
    assertThat(Extensions.load(getClass().getClassLoader()).all())
        .containsAll(provider().extensions());
  }

  @TestFactory
  final Stream<DynamicTest> bindsFromItsDefaultsAndRequiredKeys() {
    return each(
        extension -> {
          ObjectNode tree = section(extension);
          Binder.Bound<?> bound = bind(extension, tree);
          assertThat(bound.config()).isInstanceOf(extension.kind()).isInstanceOf(Record.class);
          assertThat(Yaml.read(bound.yaml())).isEqualTo(tree);
        });
  }

  @TestFactory
  final Stream<DynamicTest> refusesAnUnknownKey() {
    return each(
        extension -> {
          ObjectNode tree = section(extension).put("no-such-key", 1);
          assertThatThrownBy(() -> bind(extension, tree))
              .isInstanceOf(ConfigException.class)
              .hasMessageContaining("no-such-key");
        });
  }

  @TestFactory
  final Stream<DynamicTest> hasASummary() {
    return each(extension -> assertThat(extension.summary()).isNotBlank().doesNotContain("\n"));
  }

  private Stream<DynamicTest> each(Consumer<Extension<?>> test) {
    List<Extension<?>> extensions = provider().extensions();
    return extensions.stream().map(e -> DynamicTest.dynamicTest(id(e), () -> test.accept(e)));
  }

  private static String id(Extension<?> extension) {
    return Extension.kindName(extension.kind()) + "/" + extension.name();
  }

  private ObjectNode section(Extension<?> extension) {
    ObjectNode tree = extension.defaultTree();
    tree.setAll(Yaml.read(required().getOrDefault(id(extension), "")));
    return tree;
  }

  private Binder.Bound<?> bind(Extension<?> extension, ObjectNode tree) {
    Binder binder = new Binder(Extensions.load(getClass().getClassLoader()));
    return binder.bind(extension.config().asSubclass(Record.class), tree);
  }
}
