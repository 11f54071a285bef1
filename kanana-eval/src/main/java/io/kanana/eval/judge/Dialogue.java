package io.kanana.eval.judge;

import io.kanana.core.error.DataException;
import java.util.List;

/**
 * Questions of a benchmark and the answers of a model to be judged.
 *
 * @param id the question's, as the benchmark has it
 * @param category as the benchmark has it: {@code writing}, {@code 추론}
 * @param questions of the user, one for each turn
 * @param answers of the model, as many
 * @param references answers that are known to be right, for the first turns; may be empty, and a
 *     blank one is none
 */
public record Dialogue(
    String id,
    String category,
    List<String> questions,
    List<String> answers,
    List<String> references) {
  public Dialogue {
    questions = List.copyOf(questions);
    answers = List.copyOf(answers);
    references = List.copyOf(references);
    if (questions.isEmpty() || questions.size() != answers.size()) {
      throw new DataException(
          "question "
              + id
              + ": "
              + questions.size()
              + " turns have "
              + answers.size()
              + " answers");
    }
  }
}
