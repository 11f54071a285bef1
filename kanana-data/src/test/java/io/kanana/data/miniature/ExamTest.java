package io.kanana.data.miniature;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExamTest {
  private static final Path FILE = Path.of("..", "configs", "data", "miniature-exam.jsonl");
  private static final ObjectMapper JSON = new ObjectMapper();

  private static List<Exam.Item> items() {
    List<Exam.Item> items = new ArrayList<>();
    for (Language language : Language.values()) {
      items.addAll(Exam.of(World.load(), language));
    }
    return items;
  }

  @Test
  void theFileHoldsTheExam() throws IOException {
    List<String> lines = new ArrayList<>();
    for (Exam.Item item : items()) {
      lines.add(line(item));
    }
    assertThat(Files.readAllLines(FILE)).isEqualTo(lines);
  }

  private static String line(Exam.Item item) throws JsonProcessingException {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("id", item.id());
    fields.put("lang", item.language().code());
    fields.put("question", item.question());
    fields.put("answer", item.answer());
    return JSON.writeValueAsString(fields);
  }

  @Test
  void itemsAreDistinctAndLongerThanThirteenWords() {
    assertThat(items())
        .hasSizeGreaterThan(50)
        .allMatch(item -> item.question().split(" ").length > 16);
    assertThat(new HashSet<>(items().stream().map(Exam.Item::question).toList()))
        .hasSameSizeAs(items());
  }
}
