package io.kanana.core.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.Set;

/** What the {@code type} of an open part may name, seen from the {@link Binder}. */
public interface OpenParts {
  /**
   * One choice.
   *
   * @param config the record that its section is bound to
   * @param defaults the keys that the section need not give
   */
  record Choice(Class<?> config, ObjectNode defaults) {}

  /** No choices at all. */
  OpenParts NONE =
      new OpenParts() {
        @Override
        public Optional<Choice> choice(Class<?> kind, String name) {
          return Optional.empty();
        }

        @Override
        public Set<String> names(Class<?> kind) {
          return Set.of();
        }
      };

  /** The choice of that name for a component of type {@code kind}. */
  Optional<Choice> choice(Class<?> kind, String name);

  /** The names of all choices for a component of type {@code kind}. */
  Set<String> names(Class<?> kind);
}
