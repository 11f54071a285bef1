package io.kanana.cli;

import java.nio.file.Path;
import java.util.List;

/** One kind of artefact that {@code kanana inspect} can describe. */
interface Inspector {
  /** Whether the path looks like this kind, by its name and without reading it. */
  boolean recognises(Path path);

  /**
   * What it holds, as lines.
   *
   * @throws io.kanana.core.error.KananaException if it is broken
   */
  List<String> describe(Path path);
}
