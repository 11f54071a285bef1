package io.kanana.pretrain.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.checkpoint.Provenance;
import io.kanana.core.checkpoint.StageCompute;
import io.kanana.core.checkpoint.TinyCheckpoint;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.KananaException;
import io.kanana.core.job.Cancellation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TeacherLogitsTest {
  @TempDir Path directory;

  private Path teacher;
  private SmallJobs store;

  @BeforeEach
  void place() throws IOException {
    teacher = TinyCheckpoint.write(directory.resolve("teacher"));
    store = new SmallJobs(directory.resolve("store"));
    store.logits("model=" + teacher);
  }

  private void distill(String... more) throws IOException {
    List<String> assignments = new ArrayList<>(List.of(more));
    assignments.add("model=" + teacher);
    assignments.add("teacher={logits: " + store.file("") + "}");
    new SmallJobs(directory.resolve("student")).distill(assignments.toArray(String[]::new));
  }

  private void assertRefused(String message, String... more) {
    assertThatThrownBy(() -> distill(more))
        .isInstanceOf(KananaException.class)
        .hasMessageContaining(message);
  }

  private Path part(int number) {
    return store.file("parts/0000" + number + "/answers.bin");
  }

  @Test
  void stoppedInEveryPartItEndsWithTheSameParts() throws IOException {
    SmallJobs stopped = new SmallJobs(directory.resolve("stopped"));
    int stops = 0;
    while (!Files.exists(stopped.file("index"))) {
      assertThat(stops++).isLessThan(50);
      Cancellation cancellation = new Cancellation();
      stopped.logits(
          told -> {
            if (told.endsWith(" of 24")) {
              cancellation.request();
            }
          },
          cancellation,
          "model=" + teacher);
    }
    assertThat(stops).isEqualTo(5);
    for (int part = 0; part < 5; part++) {
      assertThat(stopped.file("parts/0000" + part + "/answers.bin"))
          .hasSameBinaryContentAs(part(part));
    }
  }

  /** What a kill or a disk left half is made anew, and what is whole is not. */
  @Test
  void aDamagedPartIsMadeAnew() throws IOException {
    byte[] before = Files.readAllBytes(part(1));
    byte[] damaged = before.clone();
    damaged[before.length / 2] ^= 1;
    Files.write(part(1), damaged);
    List<String> told = store.logits("model=" + teacher);
    assertThat(told).anyMatch(line -> line.startsWith("made anew: ") && line.contains("00001"));
    assertThat(part(1)).hasBinaryContent(before);
    distill();
  }

  @Test
  void theLedgerGoesToTheStudent() throws IOException {
    distill();
    Provenance student = Provenance.read(directory.resolve("student/out/model/provenance.json"));
    assertThat(student.allStages())
        .extracting(StageCompute::stage)
        .containsExactly("teacher-logits", "distill");
    assertThat(student.allStages()).allMatch(stage -> stage.flops() > 0);
    assertThat(student.totalTokens()).isEqualTo(6 * 4 * 16);
  }

  @Test
  void truncatedItIsRefused() throws IOException {
    byte[] bytes = Files.readAllBytes(part(2));
    Files.write(part(2), Arrays.copyOf(bytes, bytes.length - 1));
    assertRefused(part(2) + ": has size " + (bytes.length - 1));
  }

  @Test
  void changedItIsRefusedBeforeItIsLearnt() throws IOException {
    byte[] bytes = Files.readAllBytes(part(0));
    bytes[bytes.length - 1] ^= 1;
    Files.write(part(0), bytes);
    assertRefused(part(0) + ": has SHA-256 ");
  }

  @Test
  void withoutAPartOrAnIndexItIsRefused() throws IOException {
    Files.move(store.file("parts/00004"), directory.resolve("aside"));
    assertRefused("parts/00004");
    Files.move(directory.resolve("aside"), store.file("parts/00004"));
    Files.move(store.file("index"), directory.resolve("aside"));
    assertRefused("has no index, so it is no store of a teacher's logits, or one that has not");
  }

  @Test
  void thePartOfAnotherStoreIsRefused() throws IOException {
    SmallJobs other = new SmallJobs(directory.resolve("other"));
    other.logits("model=" + teacher, "seed=2");
    Files.move(store.file("parts/00003"), directory.resolve("aside"));
    Files.move(other.file("parts/00003"), store.file("parts/00003"));
    assertRefused("parts/00003: is not the part that the index names");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      value = {
        "seed=3@was made with another data order: ",
        "data.context-length=8@was made with another context length: 16, but here it is 8",
        "train.until={steps: 7}@train.until: must take at most the 24 sequences that",
        "loss.temperature=2@loss.temperature: must be 1.0, at which",
        "loss.top-k=9@loss.top-k: must be at most 8, of which"
      })
  void forAnotherRunItIsRefused(String assignment, String message) {
    assertRefused(message, assignment);
  }

  @Test
  void ofAnotherTokenizerOrTeacherItIsRefused() throws IOException {
    Path file = store.file("header.json");
    LogitsHeader header = LogitsHeader.read(file);
    assertThatThrownBy(
            () ->
                header.checkOf(
                    "0a1b",
                    header.data(),
                    header.vocabularySize(),
                    header.contextLength(),
                    store.file("")))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(
            "was made with another tokenizer: " + header.tokenizer() + ", but here it is 0a1b");
    ObjectMapper json = new ObjectMapper();
    ObjectNode changed = json.readValue(file.toFile(), ObjectNode.class);
    Files.writeString(file, changed.put("teacher", "0a1b").toString());
    assertThatThrownBy(() -> store.logits("model=" + teacher))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("was made with another teacher: 0a1b, but here it is ");
  }
}
