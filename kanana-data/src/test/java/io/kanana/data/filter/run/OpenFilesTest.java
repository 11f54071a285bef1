package io.kanana.data.filter.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenFilesTest {
  private final List<String> closed = new ArrayList<>();

  private Closeable failing(String name) {
    return () -> {
      closed.add(name);
      throw new IOException(name);
    };
  }

  @Test
  void closesEveryFileAlthoughOthersFail() throws IOException {
    OpenFiles files = new OpenFiles();
    files.add(failing("a"));
    files.add(() -> closed.add("b"));
    files.add(failing("c"));
    files.add(() -> closed.add("d"));
    assertThatThrownBy(files::close)
        .isInstanceOf(IOException.class)
        .hasMessage("a")
        .satisfies(
            failure -> assertThat(failure.getSuppressed()).extracting("message").containsOnly("c"));
    assertThat(closed).containsExactly("a", "b", "c", "d");
    files.close();
    assertThat(closed).hasSize(4);
  }
}
