package io.kanana.data.miniature;

import io.kanana.core.random.RandomKey;
import io.kanana.data.batch.KeyedPermutation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Every question about the world, in both languages, with some answers to choose from: most of them
 * to learn from, and the rest a benchmark, {@code configs/evaluate/miniature/questions.jsonl}, that
 * shares no question with them. Pages of the miniature web state the facts of both.
 */
public final class Quiz {
  private static final int BENCHMARK = 200;
  private static final int WRONG = 3;
  private static final RandomKey KEY = RandomKey.of(1).child("quiz");

  private Quiz() {}

  /**
   * @param id names the item
   * @param choices the answer and at most three others of its kind, in alphabetical order
   * @param wrong one of the others, by chance
   */
  public record Item(String id, Question question, List<String> choices, String wrong) {
    public Item {
      choices = List.copyOf(choices);
    }

    /** Which choice is right, from 0. */
    public int answer() {
      return choices.indexOf(question.answer());
    }
  }

  /** Those to learn from. */
  public static List<Item> toLearn(World world) {
    List<Item> all = all(world);
    return all.subList(0, all.size() - BENCHMARK);
  }

  /** Those to be measured by. */
  public static List<Item> benchmark(World world) {
    List<Item> all = all(world);
    return all.subList(all.size() - BENCHMARK, all.size());
  }

  /** In an order that has nothing to do with what they ask. */
  private static List<Item> all(World world) {
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
    KeyedPermutation order = new KeyedPermutation(KEY.child("order"), items.size());
    return LongStream.range(0, items.size())
        .mapToObj(i -> items.get(Math.toIntExact(order.at(i))))
        .toList();
  }

  private static Item item(String id, Question question) {
    List<String> others =
        question.choices().stream().filter(choice -> !choice.equals(question.answer())).toList();
    KeyedPermutation order = new KeyedPermutation(KEY.child(id), others.size());
    List<String> wrong =
        LongStream.range(0, Math.min(WRONG, others.size()))
            .mapToObj(i -> others.get(Math.toIntExact(order.at(i))))
            .toList();
    List<String> choices =
        Stream.concat(Stream.of(question.answer()), wrong.stream()).sorted().toList();
    return new Item(id, question, choices, wrong.getFirst());
  }
}
