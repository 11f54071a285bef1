package io.kanana.core.config;

import io.kanana.core.error.ConfigException;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * The rules of a configuration record, stated in its compact constructor:
 *
 * <pre>{@code
 * Check.that(learningRate > 0, "learning-rate", "must be > 0, got %s", learningRate);
 * }</pre>
 *
 * <p>A record made by hand throws a {@link ConfigException} at the first rule it breaks. While the
 * {@link Binder} makes it, broken rules are collected instead and the constructor goes on, so that
 * a user sees all of them at once, each under its full path.
 *
 * <p>Values that Java makes possible and no file can hold (a null) need no rule.
 */
public final class Check {
  /** A broken rule: the kebab-case names of the components it reads, the blamed one first. */
  record Violation(List<String> names, String message) {}

  static final ScopedValue<Consumer<Violation>> COLLECTOR = ScopedValue.newInstance();

  /** Bound while a part is made that will be made again, once what surrounds it is known. */
  static final ScopedValue<Boolean> PROVISIONAL = ScopedValue.newInstance();

  private Check() {}

  /**
   * Whether the record is made to find mistakes only, as part of another one that has still to say
   * what surrounds it: a rule about the surroundings waits until the record is made again.
   */
  public static boolean isProvisional() {
    return PROVISIONAL.isBound();
  }

  /**
   * A rule about one component.
   *
   * @param name the component in kebab-case, or a dotted path below the record
   * @param rule a format for {@code values} that says what must hold and what was found
   */
  public static void that(boolean holds, String name, String rule, Object... values) {
    that(holds, List.of(name), rule, values);
  }

  /**
   * A rule about several components. The problem is reported under the first name, and not at all
   * where one of them could not be read in the first place.
   */
  @SuppressWarnings("AnnotateFormatMethod") // the annotation would be a dependency of its own
  public static void that(boolean holds, List<String> names, String rule, Object... values) {
    if (holds) {
      return;
    }
    String message = String.format(Locale.ROOT, rule, values);
    if (!COLLECTOR.isBound()) {
      throw new ConfigException(names.getFirst(), message);
    }
    COLLECTOR.get().accept(new Violation(names, message));
  }
}
