package io.kanana.data.document;

import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.data.document.FileRecords.FileRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileRecordsTest {
  @TempDir Path directory;

  private final List<RejectedRecord> rejected = new ArrayList<>();

  private List<FileRecord> read(Path path) {
    List<FileRecord> found = new ArrayList<>();
    FileRecords records = new FileRecords(FilesConfig.of(path.toString()));
    try (FileRecords.Pass pass = records.open(rejected::add)) {
      for (FileRecord next = pass.next(); next != null; next = pass.next()) {
        found.add(next);
      }
    }
    return found;
  }

  @Test
  void haveAllTheirFieldsWhateverTheNameOfTheFile() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("a.txt"), "{\"id\": 1, \"text\": \"t\"}\n\n3\n{\"x\": [null]}\n");
    List<FileRecord> found = read(file);
    assertThat(found).extracting(FileRecord::line).containsExactly(1L, 4L);
    assertThat(found).extracting(FileRecord::file).containsOnly(file.toString());
    assertThat(found.getFirst().fields()).isEqualTo(Map.of("id", 1, "text", "t"));
    assertThat(found.getLast().fields()).containsOnlyKeys("x");
    assertThat(rejected)
        .extracting(RejectedRecord::toString)
        .containsExactly(file + ":3: not-an-object (the line is a JSON number)");
    assertThat(found.getLast().rejected("odd", "x"))
        .isEqualTo(new RejectedRecord(file.toString(), 4, "odd", "x"));
  }

  @Test
  void ofSeveralFilesComeInTheOrderOfTheirPaths() throws IOException {
    Files.writeString(directory.resolve("b.jsonl"), "{\"x\": 2}\n");
    Files.writeString(directory.resolve("a.jsonl"), "{\"x\": 1}\n");
    assertThat(read(directory)).extracting(r -> r.fields().get("x")).containsExactly(1, 2);
  }
}
