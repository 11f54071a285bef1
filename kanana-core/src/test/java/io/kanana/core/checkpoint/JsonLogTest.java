package io.kanana.core.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import io.kanana.core.error.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonLogTest {
  @TempDir Path directory;

  private List<JsonNode> known(Path file) {
    List<JsonNode> known = new ArrayList<>();
    JsonLog.open(file, known::add).close();
    return known;
  }

  @Test
  void whatWasWrittenIsKnownAgain() {
    Path file = directory.resolve("log.jsonl");
    try (JsonLog log = JsonLog.open(file, entry -> {})) {
      log.add(List.of(IntNode.valueOf(1), IntNode.valueOf(2)));
      log.add(List.of(IntNode.valueOf(3)));
    }
    assertThat(known(file)).extracting(JsonNode::asInt).containsExactly(1, 2, 3);
  }

  @Test
  void aLineThatAKillLeftUnfinishedIsDropped() throws IOException {
    Path file = Files.writeString(directory.resolve("log.jsonl"), "1\n2\n{\"a\": ");
    assertThat(known(file)).hasSize(2);
    assertThat(file).hasContent("1\n2\n");
  }

  @Test
  void anEntryThatDoesNotStayIsDroppedWithAllAfterIt() throws IOException {
    Path file = Files.writeString(directory.resolve("log.jsonl"), "1\n2\n3\n1\nno JSON");
    try (JsonLog log = JsonLog.openWhile(file, entry -> entry.asInt() < 3)) {
      assertThat(file).hasContent("1\n2\n");
      log.add(List.of(IntNode.valueOf(4)));
    }
    assertThat(file).hasContent("1\n2\n4\n");
  }

  @Test
  void anotherLineThatIsNoJsonIsNamed() throws IOException {
    Path file = Files.writeString(directory.resolve("log.jsonl"), "1\n{\n3\n");
    assertThatThrownBy(() -> known(file))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("line 2 is no JSON");
    Path empty = Files.writeString(directory.resolve("empty.jsonl"), "1\n\n3\n");
    assertThatThrownBy(() -> known(empty)).hasMessageContaining("line 2 is no JSON");
    assertThat(empty).hasContent("1\n\n3\n");
    assertThatThrownBy(() -> known(directory.resolve("none/log.jsonl")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("cannot be used");
  }
}
