package io.kanana.posttrain.conversation;

import io.kanana.core.config.Check;
import io.kanana.data.document.FileRecords;
import io.kanana.data.document.FileRecords.FileRecord;
import io.kanana.data.document.FilesConfig;
import io.kanana.data.document.FilesConfig.Format;
import io.kanana.data.document.FilesConfig.OnCorruptFile;
import io.kanana.data.document.FilesConfig.Split;
import io.kanana.data.document.Quarantine;
import java.util.Map;
import java.util.Optional;

/**
 * Conversations in files ({@code type: files}): lines of JSON objects, plain, gzip or zstd, told by
 * their first bytes, or rows of Parquet tables.
 *
 * @param path a file, a directory or a glob; files are read in the order of their paths
 * @param form how a record holds a conversation
 * @param domain what conversations are about whose records do not say it
 * @param onCorruptFile what a truncated or corrupt file does
 * @param maxRecordBytes the longest line; a longer one is rejected as {@code too-long}
 */
public record ConversationFiles(
    String path,
    RecordForm form,
    Optional<String> domain,
    OnCorruptFile onCorruptFile,
    int maxRecordBytes)
    implements ConversationSource.Config {
  public ConversationFiles {
    Check.that(!path.isBlank(), "path", "must name a file, a directory or a glob");
    Check.that(
        maxRecordBytes >= 1 && maxRecordBytes <= 1 << 30,
        "max-record-bytes",
        "must lie in 1 .. 1073741824, got %s",
        maxRecordBytes);
  }

  /** Everything but the path by default. */
  public static ConversationFiles of(String path) {
    return new ConversationFiles(
        path,
        RecordForm.AUTO,
        Optional.empty(),
        OnCorruptFile.STOP,
        FilesConfig.DEFAULT_MAX_RECORD_BYTES);
  }

  @Override
  public ConversationSource create() {
    FilesConfig files =
        FilesConfig.of(path, Format.AUTO, "text", Split.NONE, onCorruptFile, maxRecordBytes);
    return quarantine -> new Pass(new FileRecords(files).open(quarantine), quarantine);
  }

  private final class Pass implements ConversationStream {
    private final FileRecords.Pass records;
    private final Quarantine quarantine;

    Pass(FileRecords.Pass records, Quarantine quarantine) {
      this.records = records;
      this.quarantine = quarantine;
    }

    @Override
    public FoundConversation next() {
      for (FileRecord record = records.next(); record != null; record = records.next()) {
        try {
          Conversation read = conversation(record.fields());
          return new FoundConversation(record.file(), record.line(), read);
        } catch (BadConversationException e) {
          quarantine.reject(record.rejected(e.reason(), e.detail()));
        }
      }
      return null;
    }

    @Override
    public void close() {
      records.close();
    }
  }

  private Conversation conversation(Map<String, Object> record) throws BadConversationException {
    Conversation read = form.parse(record);
    return read.origin().domain().isPresent() || domain.isEmpty() ? read : read.of(domain.get());
  }
}
