package io.kanana.posttrain.preference;

import io.kanana.core.config.Check;
import io.kanana.data.document.FileRecords;
import io.kanana.data.document.FileRecords.FileRecord;
import io.kanana.data.document.FilesConfig;
import io.kanana.data.document.FilesConfig.Format;
import io.kanana.data.document.FilesConfig.OnCorruptFile;
import io.kanana.data.document.FilesConfig.Split;
import io.kanana.data.document.Quarantine;
import io.kanana.posttrain.conversation.BadConversationException;

/**
 * Pairs in files ({@code type: files}): lines of JSON objects, plain, gzip or zstd, or rows of
 * Parquet tables, as {@link PreferenceForm} reads them.
 *
 * @param path a file, a directory or a glob; files are read in the order of their paths
 * @param onCorruptFile what a truncated or corrupt file does
 * @param maxRecordBytes the longest line; a longer one is rejected as {@code too-long}
 */
public record PreferenceFiles(String path, OnCorruptFile onCorruptFile, int maxRecordBytes)
    implements PreferenceSource.Config {
  public PreferenceFiles {
    Check.that(!path.isBlank(), "path", "must name a file, a directory or a glob");
    Check.that(
        maxRecordBytes >= 1 && maxRecordBytes <= 1 << 30,
        "max-record-bytes",
        "must lie in 1 .. 1073741824, got %s",
        maxRecordBytes);
  }

  @Override
  public PreferenceSource create() {
    FilesConfig files =
        FilesConfig.of(path, Format.AUTO, "text", Split.NONE, onCorruptFile, maxRecordBytes);
    return (quarantine, taker) -> read(new FileRecords(files), quarantine, taker);
  }

  private static void read(FileRecords files, Quarantine quarantine, PreferenceSource.Taker taker) {
    try (FileRecords.Pass records = files.open(quarantine)) {
      for (FileRecord record = records.next(); record != null; record = records.next()) {
        try {
          taker.take(new PreferenceForm(record.fields()).pair());
        } catch (BadConversationException e) {
          quarantine.reject(record.rejected(e.reason(), e.detail()));
        }
      }
    }
  }
}
