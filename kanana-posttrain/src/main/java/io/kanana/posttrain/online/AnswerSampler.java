package io.kanana.posttrain.online;

import io.kanana.core.generate.SamplingOptions;
import io.kanana.core.generate.TextGenerator;
import io.kanana.core.generate.TextGenerator.Continued;
import io.kanana.core.generate.TextGenerator.Ending;
import io.kanana.core.generate.TextGenerator.Options;
import io.kanana.core.model.Llama;
import io.kanana.core.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Lets a model answer questions, each several times, all in batches with a cache of keys and
 * values.
 *
 * @param endings ids that end an answer
 * @param maxNewTokens the most tokens of an answer
 * @param batch answers that are sampled at once
 */
record AnswerSampler(
    Tokenizer tokenizer,
    Set<Integer> endings,
    SamplingOptions sampling,
    int maxNewTokens,
    int batch) {
  /**
   * {@code count} answers of each question, those of the first question first: a pure function of
   * the model's weights, the questions and the seed.
   */
  List<Answer> answers(Llama model, List<Question> questions, int count, long seed) {
    List<Question> each = new ArrayList<>();
    for (Question question : questions) {
      for (int i = 0; i < count; i++) {
        each.add(question);
      }
    }
    List<Answer> answers = new ArrayList<>();
    for (int first = 0; first < each.size(); first += batch) {
      List<Question> some = each.subList(first, Math.min(first + batch, each.size()));
      answers.addAll(sample(model, some, seed + first));
    }
    return answers;
  }

  private List<Answer> sample(Llama model, List<Question> questions, long seed) {
    Options options = new Options(maxNewTokens, sampling, List.of(), seed);
    List<Continued> texts =
        new TextGenerator(model, tokenizer, endings)
            .continueAll(questions.stream().map(Question::ids).toList(), options);
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      Continued text = texts.get(i);
      boolean ended = text.ending() == Ending.END_OF_TEXT;
      answers.add(new Answer(questions.get(i), text.text(), text.ids(), ended));
    }
    return answers;
  }
}
