package io.kanana.data.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kanana.data.Corpora;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Public corpora in the directory that the system property {@code kanana.data} names. */
class RealCorporaTest {
  @ParameterizedTest
  @CsvSource({
    "docs-ko.jsonl.zst,9127",
    "docs-en.jsonl.zst,10242",
    "web-ko.jsonl.zst,13775",
    "encyclopedia-en.jsonl.gz,124",
    "math-en.jsonl.gz,7473"
  })
  void everyRecordWithTextIsADocument(String name, int records) {
    Path file = Path.of(System.getProperty("kanana.data", "absent"), "corpus", name);
    assumeTrue(Files.exists(file), () -> "no corpus at " + file + " (system property kanana.data)");
    List<RejectedRecord> rejected = new ArrayList<>();
    List<Document> documents =
        Corpora.read(FilesConfig.of(file.toString()).create(), rejected::add);
    assertThat(rejected).extracting(RejectedRecord::reason).allMatch("text-empty"::equals);
    assertThat(documents.size() + rejected.size()).isEqualTo(records);
    assertThat(documents).extracting(Document::id).doesNotHaveDuplicates();
    assertThat(documents).allMatch(d -> d.textBytes() > 0 && d.metadata().containsKey("license"));
  }
}
