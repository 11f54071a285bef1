package io.kanana.eval.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.DataException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where the data of tasks lie. Nothing is ever downloaded. For one thread.
 *
 * <p>A task of {@code dataset_path: json} or {@code csv} names its files itself. For any other data
 * set a configuration says which file holds which part: under the name of the task, of the data set
 * with its configuration ({@code cais/mmlu/anatomy}), or of the data set alone, where {@code
 * {name}} stands for the configuration.
 */
public final class DataFiles {
  private final Path directory;
  private final Map<String, Map<String, String>> sets;
  private final Map<List<Path>, Documents> read = new HashMap<>();

  /**
   * @param directory what relative paths are relative to
   * @param sets files by the name of a data set, then of a part
   */
  public DataFiles(Path directory, Map<String, Map<String, String>> sets) {
    this.directory = directory;
    this.sets = Map.copyOf(sets);
  }

  /**
   * What a task reads.
   *
   * @param path the data set's name, or {@code json} or {@code csv}
   * @param name its configuration, empty for none
   * @param files its own files by part; empty where it names none
   * @param columns that its templates name, for messages
   * @param source where it is published, where that is no hub
   */
  record DataSet(
      String path,
      String name,
      Map<String, List<String>> files,
      List<String> columns,
      Optional<String> source) {
    /** Whether the task names its files itself. */
    boolean local() {
      return !files.isEmpty();
    }

    /** Where it is published; nothing for files of one's own, whose names have no owner. */
    private String published() {
      boolean own = !path.contains("/");
      return source
          .map(place -> " (it is published at " + place + ")")
          .orElse(own ? "" : " (it is published under that name on the Hugging Face hub)");
    }

    String qualified() {
      return name.isEmpty() ? path : path + "/" + name;
    }
  }

  /**
   * The documents of a file, each of which has all columns. For tasks written in Java.
   *
   * @param task whose they are, for messages
   * @param file relative to the directory of the data
   * @throws DataException if it is missing or cannot be read
   */
  public List<ObjectNode> documents(String task, Path file) {
    DataSet own = new DataSet(file.toString(), "", Map.of(), List.of(), Optional.empty());
    return read(task, own, List.of(directory.resolve(file))).rows();
  }

  /**
   * The documents of a part.
   *
   * @throws ConfigException if nothing says where they are
   * @throws DataException if a file is missing or cannot be read
   */
  Documents of(String task, DataSet set, String part) {
    List<Path> files = files(task, set, part);
    return read.computeIfAbsent(files, key -> read(task, set, key));
  }

  private List<Path> files(String task, DataSet set, String part) {
    if (set.local()) {
      if (!set.files.containsKey(part)) {
        throw new ConfigException(
            "task " + task,
            "has no part \"" + part + "\" among its data_files, only " + set.files.keySet());
      }
      return set.files.get(part).stream().map(directory::resolve).toList();
    }
    return Stream.of(task, set.qualified(), set.path)
        .filter(sets::containsKey)
        .map(sets::get)
        .filter(parts -> parts.containsKey(part))
        .map(parts -> List.of(directory.resolve(parts.get(part).replace("{name}", set.name))))
        .findFirst()
        .orElseThrow(() -> unknown(task, set, part));
  }

  private static ConfigException unknown(String task, DataSet set, String part) {
    return new ConfigException(
        "data",
        String.format(
            Locale.ROOT,
            "does not say where task %s finds part \"%s\" of the data set %s; nothing is downloaded: fetch it%s"
                + " as JSON lines, CSV or Parquet with the columns %s, and add"
                + " data: {\"%s\": {%s: FILE}}",
            task,
            part,
            set.qualified(),
            set.published(),
            String.join(", ", set.columns),
            set.qualified(),
            part));
  }

  private static Documents read(String task, DataSet set, List<Path> files) {
    List<ObjectNode> rows = new ArrayList<>();
    for (Path file : files) {
      if (!Files.isRegularFile(file)) {
        throw new DataException(
            String.format(
                Locale.ROOT,
                "%s: there is no such file, but task %s reads it; put the data set %s there, as JSON lines, CSV or Parquet%s",
                file,
                task,
                set.qualified(),
                set.columns.isEmpty()
                    ? ""
                    : " with the columns " + String.join(", ", set.columns)));
      }
      rows.addAll(DocumentFile.read(file));
    }
    return Documents.of(rows);
  }
}
