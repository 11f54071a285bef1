package io.kanana.data.miniature;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kanana.data.miniature.Quiz.Item;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class QuizTest {
  private static final Path FILE =
      Path.of("..", "configs", "evaluate", "miniature", "questions.jsonl");
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void theFileHoldsTheQuiz() throws IOException {
    List<String> lines = new ArrayList<>();
    for (Item item : Quiz.of(World.load())) {
      lines.add(line(item));
    }
    assertThat(Files.readAllLines(FILE)).isEqualTo(lines);
  }

  private static String line(Item item) throws JsonProcessingException {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", item.id());
    fields.put("question", item.question().text());
    fields.put("prompt", item.question().prompt());
    fields.put("choices", item.choices());
    fields.put("answer", item.answer());
    return JSON.writeValueAsString(fields);
  }

  @Test
  void everyItemHasOneRightAnswerAndOthers() {
    List<Item> items = Quiz.of(World.load());
    assertThat(items).hasSizeGreaterThan(400);
    assertThat(items).extracting(Item::id).doesNotHaveDuplicates();
    for (Item item : items) {
      assertThat(item.choices()).hasSizeBetween(2, 4).doesNotHaveDuplicates().isSorted();
      assertThat(item.choices().get(item.answer())).isEqualTo(item.question().answer());
      assertThat(item.choices()).contains(item.wrong());
      assertThat(item.wrong()).isNotEqualTo(item.question().answer());
    }
    double first = items.stream().filter(item -> item.answer() == 0).count();
    assertThat(first / items.size()).isBetween(0.15, 0.4);
  }
}
