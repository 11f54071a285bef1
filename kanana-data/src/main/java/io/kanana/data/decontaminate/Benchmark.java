package io.kanana.data.decontaminate;

import io.kanana.core.config.Check;
import io.kanana.core.error.DataException;
import io.kanana.data.document.Document;
import io.kanana.data.document.DocumentStream;
import io.kanana.data.document.FilesConfig;
import io.kanana.data.document.RejectedRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * A benchmark that must not be learned.
 *
 * @param name what reports call it
 * @param path JSON lines, plain or compressed: a file, a directory or a glob
 * @param fields what of a record is looked for, the first of them a text, others texts or lists of
 *     texts
 */
public record Benchmark(String name, String path, List<String> fields) {
  public Benchmark {
    fields = List.copyOf(fields);
    Check.that(!name.isBlank(), "name", "must not be blank");
    Check.that(!fields.isEmpty(), "fields", "must name at least one field of the records");
  }

  /**
   * Passes the texts of each record on.
   *
   * @throws DataException if a record cannot be read
   */
  void read(Consumer<List<String>> entries) {
    FilesConfig usual = FilesConfig.of(path);
    FilesConfig files =
        FilesConfig.of(
            path,
            FilesConfig.Format.JSON_LINES,
            fields.getFirst(),
            usual.split(),
            usual.onCorruptFile(),
            usual.maxRecordBytes());
    try (DocumentStream records = files.create().open(this::refuse)) {
      for (Document record = records.next(); record != null; record = records.next()) {
        entries.accept(texts(record));
      }
    }
  }

  private void refuse(RejectedRecord record) {
    throw new DataException(
        "benchmark " + name + ": " + record + "; name its fields as they are, or mend it");
  }

  private List<String> texts(Document record) {
    List<String> texts = new ArrayList<>();
    texts.add(record.text());
    for (String field : fields.subList(1, fields.size())) {
      switch (record.metadata().get(field)) {
        case String text -> texts.add(text);
        case List<?> several -> several.forEach(text -> texts.add(String.valueOf(text)));
        case null, default ->
            throw new DataException(
                String.format(
                    Locale.ROOT,
                    "benchmark %s: record %s has no text in '%s'; name its fields as they are",
                    name,
                    record.id(),
                    field));
      }
    }
    return texts;
  }
}
