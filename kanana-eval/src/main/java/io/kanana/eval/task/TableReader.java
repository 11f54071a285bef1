package io.kanana.eval.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Reads a format of data that this module does not know. Found by {@link java.util.ServiceLoader}:
 * a public class with a public constructor without arguments, named in {@code
 * META-INF/services/io.kanana.eval.task.TableReader}.
 */
public interface TableReader {
  /** How names of such files end, such as {@code .parquet}. */
  String suffix();

  /**
   * All rows, in order; a column that is null may be left out.
   *
   * @throws IOException if the file cannot be read, or is damaged
   */
  List<ObjectNode> read(Path file) throws IOException;
}
