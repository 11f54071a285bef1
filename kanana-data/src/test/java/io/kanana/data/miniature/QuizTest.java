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
  void theFileHoldsTheBenchmark() throws IOException {
    List<String> lines = new ArrayList<>();
    for (Item item : Quiz.benchmark(World.load())) {
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
    List<Item> items = new ArrayList<>(Quiz.toLearn(World.load()));
    assertThat(items).hasSizeGreaterThan(300);
    items.addAll(Quiz.benchmark(World.load()));
    assertThat(items).extracting(Item::id).doesNotHaveDuplicates();
    assertThat(items).extracting(item -> item.question().text()).doesNotHaveDuplicates();
    for (Item item : items) {
      assertThat(item.choices()).hasSizeBetween(2, 4).doesNotHaveDuplicates().isSorted();
      assertThat(item.choices().get(item.answer())).isEqualTo(item.question().answer());
      assertThat(item.choices()).contains(item.wrong());
      assertThat(item.wrong()).isNotEqualTo(item.question().answer());
    }
  }

  /** So that neither place nor alphabet gives an answer away. */
  @Test
  void rightAndWrongAnswersStandEverywhere() {
    List<Item> items = Quiz.toLearn(World.load());
    for (int place = 0; place < 4; place++) {
      int at = place;
      double right = items.stream().filter(item -> item.answer() == at).count();
      double wrong =
          items.stream().filter(item -> item.choices().indexOf(item.wrong()) == at).count();
      assertThat(right / items.size()).isBetween(0.12, 0.38);
      assertThat(wrong / items.size()).isBetween(0.12, 0.38);
    }
  }
}
