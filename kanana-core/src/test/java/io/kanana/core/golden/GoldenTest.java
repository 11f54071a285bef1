package io.kanana.core.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

class GoldenTest {
  @TempDir Path directory;

  @Test
  void aDirectoryThatWasNamedMustBeThere() {
    Path usual = directory.resolve("usual");
    assertThatThrownBy(() -> Golden.folder(directory.resolve("typo").toString(), usual, "models"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("typo, which is no directory");
    assertThatThrownBy(() -> Golden.folder(usual.toString(), usual, "models"))
        .isInstanceOf(TestAbortedException.class);
    assertThatThrownBy(() -> Golden.folder(directory + "/x/../usual", usual, "models"))
        .isInstanceOf(TestAbortedException.class);
  }

  @Test
  void aFolderOfItMayBeAbsent() throws IOException {
    Path models = Files.createDirectory(directory.resolve("models"));
    Path usual = directory.resolve("usual");
    assertThat(Golden.folder(directory.toString(), usual, "models")).isEqualTo(models);
    assertThatThrownBy(() -> Golden.folder(directory.toString(), usual, "sampling"))
        .isInstanceOf(TestAbortedException.class);
  }

  @Test
  void noCasesAreAnError() {
    assertThatThrownBy(() -> Golden.cases(Stream.empty())).isInstanceOf(AssertionError.class);
    DynamicTest test = DynamicTest.dynamicTest("one", () -> {});
    assertThat(Golden.cases(Stream.of(test))).containsExactly(test);
  }
}
