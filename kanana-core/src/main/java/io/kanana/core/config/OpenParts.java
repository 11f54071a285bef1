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
   * @param deferred where the section stands for something else than that record
   */
  record Choice(Class<?> config, ObjectNode defaults, Optional<Deferred> deferred) {
    public Choice(Class<?> config, ObjectNode defaults) {
      this(config, defaults, Optional.empty());
    }
  }

  /**
   * A part whose record is made later, when what its section leaves open is known. The section is
   * checked as if it were made now.
   */
  interface Deferred {
    /** Keys that the section has besides those of the record and the one that chooses. */
    Set<String> own();

    /**
     * Keys of the record that are given later: the section need not have them, and does not take
     * them from a file that it extends.
     */
    Set<String> later();

    /**
     * The part. Its own rules are those of {@link Check}.
     *
     * @param section complete but for what is given later; not to be changed
     */
    Object part(ObjectNode section);
  }

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
