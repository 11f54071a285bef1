package io.kanana.core.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.Problem;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes configuration records of trees. A record's components are the keys of its section in
 * kebab-case, and all are required except {@code Optional} ones. Components are {@code boolean},
 * {@code int}, {@code long}, {@code float}, {@code double}, {@code String}, {@code Path}, enums,
 * records, {@code List}, {@code Map} with text keys, {@code Optional} of these, and open parts: an
 * interface, whose record is chosen by the section's {@code type} among the {@link OpenParts}.
 *
 * <p>Nothing is coerced, nothing is ignored, and every problem of a tree is reported together.
 */
public final class Binder {
  private final OpenParts parts;

  public Binder(OpenParts parts) {
    this.parts = parts;
  }

  OpenParts parts() {
    return parts;
  }

  /**
   * A bound configuration.
   *
   * @param config the record
   * @param tree everything that it was bound from, the defaults of open parts included
   */
  public record Bound<C>(C config, ObjectNode tree) {
    /** The whole configuration as YAML, which reads back as the same tree. */
    public String yaml() {
      return Yaml.write(tree);
    }
  }

  /**
   * Binds {@code tree}, which is left as it is.
   *
   * @throws ConfigException with every problem of the tree
   */
  public <C extends Record> Bound<C> bind(Class<C> type, ObjectNode tree) {
    return bind(type, tree, List.of());
  }

  /**
   * The same, for a tree that is already known to have problems.
   *
   * @throws ConfigException with those and every other problem of the tree
   */
  public <C extends Record> Bound<C> bind(Class<C> type, ObjectNode tree, List<Problem> known) {
    List<Problem> problems = new ArrayList<>(known);
    ObjectNode resolved = tree.deepCopy();
    Object config = new Binding(parts, problems).value(type, resolved, "").orElse(null);
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return new Bound<>(type.cast(config), resolved);
  }
}
