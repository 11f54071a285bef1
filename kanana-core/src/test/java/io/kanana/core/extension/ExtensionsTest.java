package io.kanana.core.extension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.error.ConfigException;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** The contract on a made-up kind, and what it does not cover. */
class ExtensionsTest extends ExtensionContract {
  interface Greeting {
    String text(String name);

    interface Config {
      Greeting create();
    }
  }

  record Plain(String word, OptionalInt times) implements Greeting.Config {
    @Override
    public Greeting create() {
      return name -> (word + " " + name + " ").repeat(times.orElse(1)).strip();
    }
  }

  /** Found through the services file of the test resources. */
  public static final class Greetings implements ExtensionProvider {
    @Override
    public List<Extension<?>> extensions() {
      return List.of(
          new Extension<>(
              Greeting.Config.class, "test-greeting", Plain.class, "Greets.", "word: hello"),
          new Extension<>(Greeting.Config.class, "test-shout", Plain.class, "Shouts.", ""));
    }
  }

  @Override
  protected ExtensionProvider provider() {
    return new Greetings();
  }

  @Override
  protected Map<String, String> required() {
    return Map.of("greeting/test-shout", "word: HELLO");
  }

  @Test
  void refusesTwoOfOneName() {
    assertThatThrownBy(() -> Extensions.of(new Greetings(), new Greetings()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("greeting test-greeting: is defined twice, by ")
        .hasMessageContaining("greeting test-shout: is defined twice, by ");
  }

  @Test
  void refusesDefinitionsThatCannotWork() {
    record Typed(String type) implements Greeting.Config {
      @Override
      public Greeting create() {
        return name -> type;
      }
    }
    assertThatThrownBy(() -> extension("Bad Name", Plain.class)).hasMessageContaining("kebab-case");
    assertThatThrownBy(() -> extension("typed", Typed.class)).hasMessageContaining("named type");
  }

  private static Extension<?> extension(String name, Class<? extends Greeting.Config> config) {
    return new Extension<>(Greeting.Config.class, name, config, "", "");
  }

  @Test
  void namesAndPlaces() {
    Extensions extensions = Extensions.of(new Greetings());
    assertThat(extensions.names(Greeting.Config.class))
        .containsExactly("test-greeting", "test-shout");
    assertThat(extensions.find(Greeting.class, "test-shout")).isEmpty();
    assertThat(Extension.kindName(Greeting.Config.class)).isEqualTo("greeting");
    assertThat(extensions.all().getFirst().location()).contains("test-classes");
  }
}
