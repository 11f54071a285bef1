package io.kanana.core.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {
  @TempDir Path directory;

  private Path file() {
    return directory.resolve("config.yaml");
  }

  private String text() throws IOException {
    return Files.readString(file());
  }

  @Test
  void aFileIsWhatWasWrittenLast() throws IOException {
    WholeFile.write(file(), "하나\n".repeat(100_000));
    assertThat(text()).isEqualTo("하나\n".repeat(100_000));
    WholeFile.write(file(), "two");
    assertThat(text()).isEqualTo("two");
    assertThat(directory.toFile().list()).containsExactly("config.yaml");
  }

  @Test
  void aKillAtAnyMomentLeavesTheOldOrTheNew() throws IOException {
    boolean killed = true;
    for (int operations = 0; killed; operations++) {
      WholeFile.write(file(), "old");
      killed = false;
      try {
        WholeFile.write(new FailingDisk(operations, true), file(), "new");
      } catch (FailingDisk.Killed e) {
        killed = true;
      }
      assertThat(text()).isIn("old", "new");
    }
    assertThat(text()).isEqualTo("new");
    assertThat(directory.toFile().list()).containsExactly("config.yaml");
  }

  @Test
  void anErrorLeavesTheOldOneAndNothingElse() throws IOException {
    WholeFile.write(file(), "old");
    for (int operations = 1; operations <= 4; operations++) {
      FailingDisk disk = new FailingDisk(operations, false);
      assertThatThrownBy(() -> WholeFile.write(disk, file(), "new"))
          .isInstanceOf(IOException.class)
          .hasMessage("No space left on device");
      assertThat(text()).isEqualTo("old");
      assertThat(directory.toFile().list()).containsExactly("config.yaml");
    }
  }
}
