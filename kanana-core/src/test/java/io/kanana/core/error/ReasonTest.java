package io.kanana.core.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReasonTest {
  @TempDir Path directory;

  private interface Attempt {
    void run() throws IOException;
  }

  private static String reason(Attempt attempt) {
    try {
      attempt.run();
    } catch (IOException e) {
      return Reason.of(e);
    }
    return "it worked";
  }

  @Test
  void aReasonIsNeverThePath() throws IOException {
    Path none = directory.resolve("none");
    assertThat(reason(() -> Files.readString(none))).isEqualTo("there is no such file");
    assertThat(reason(() -> new FileInputStream(none.toFile()).close()))
        .doesNotContain("none")
        .isNotBlank();
    assertThat(reason(() -> Files.createDirectory(directory))).isEqualTo("it exists already");
    assertThat(Reason.of(new NotDirectoryException("a/b"))).isEqualTo("it is no directory");
    assertThat(Reason.of(new AccessDeniedException("a/b"))).isEqualTo("access is denied");
    assertThat(Reason.of(new FileSystemException("a/b", null, "No space left on device")))
        .isEqualTo("No space left on device");
  }

  @Test
  void textThatIsNone() throws IOException {
    Path file = Files.write(directory.resolve("latin1"), new byte[] {(byte) 0xE9});
    assertThat(reason(() -> Files.readString(file))).isEqualTo("it is not UTF-8 text");
    assertThat(Reason.of(new MalformedInputException(1))).isEqualTo("it is not UTF-8 text");
  }

  @Test
  void whatElseIsSaidInOneLine() {
    assertThat(Reason.of(new IOException("first\nsecond"))).isEqualTo("first");
    assertThat(Reason.of(new EOFException())).isEqualTo("EOFException");
  }
}
