package io.kanana.posttrain.conversation;

import java.util.Optional;

/**
 * What a record says of where it comes from.
 *
 * @param source a data set, a site
 * @param domain what it is about: {@code code}, {@code math}
 * @param licence under which it may be used
 */
public record Origin(Optional<String> source, Optional<String> domain, Optional<String> licence) {
  /** Of which nothing is said. */
  public static final Origin UNKNOWN =
      new Origin(Optional.empty(), Optional.empty(), Optional.empty());
}
