package io.kanana.data.miniature;

import io.kanana.core.random.RandomKey;
import io.kanana.data.batch.KeyedPermutation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * A benchmark over the world: every question with some answers to choose from. {@code
 * configs/evaluate/miniature/questions.jsonl} has it as a file.
 */
public final class Quiz {
  private static final int WRONG = 3;

  private Quiz() {}

  /**
   * @param id names the item
   * @param choices the answer and at most three others of its kind, in alphabetical order
   */
  public record Item(String id, Question question, List<String> choices) {
    public Item {
      choices = List.copyOf(choices);
    }

    /** Which choice is right, from 0. */
    public int answer() {
      return choices.indexOf(question.answer());
    }

    /** One that is not. */
    public String wrong() {
      return choices.get(answer() == 0 ? 1 : 0);
    }
  }

  /** Of every fact that has another answer to choose, first in Korean, then in English. */
  public static List<Item> of(World world) {
    List<Item> items = new ArrayList<>();
    for (Language language : Language.values()) {
      List<Question> questions = world.questions(language);
      for (int i = 0; i < questions.size(); i++) {
        String id = String.format(Locale.ROOT, "%s-%03d", language.code(), i);
        if (questions.get(i).choices().size() > 1) {
          items.add(item(id, questions.get(i)));
        }
      }
    }
    return items;
  }

  private static Item item(String id, Question question) {
    List<String> others =
        question.choices().stream().filter(choice -> !choice.equals(question.answer())).toList();
    KeyedPermutation order = new KeyedPermutation(RandomKey.of(1).child(id), others.size());
    Stream<String> wrong =
        LongStream.range(0, Math.min(WRONG, others.size()))
            .mapToObj(i -> others.get(Math.toIntExact(order.at(i))));
    List<String> choices = Stream.concat(Stream.of(question.answer()), wrong).sorted().toList();
    return new Item(id, question, choices);
  }
}
