package io.kanana.cli;

import io.kanana.core.error.DataException;
import java.nio.file.Path;
import java.util.List;

/** One kind of artefact that {@code kanana inspect} can describe. */
interface Inspector {
  /** Whether the path looks like this kind, by its name and without reading it. */
  boolean recognises(Path path);

  /**
   * What it holds, as lines.
   *
   * @throws DataException if it is broken
   */
  List<String> describe(Path path);
}
