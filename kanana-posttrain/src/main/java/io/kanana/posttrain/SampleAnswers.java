package io.kanana.posttrain;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.checkpoint.JsonLog;
import io.kanana.core.config.Check;
import io.kanana.core.generate.SamplingOptions;
import io.kanana.core.generate.TextGenerator;
import io.kanana.core.generate.TextGenerator.Continued;
import io.kanana.core.generate.TextGenerator.Options;
import io.kanana.core.model.Llama;
import io.kanana.core.tokenizer.Tokenizer;
import io.kanana.core.train.HeldOut;
import io.kanana.core.train.TrainingListener;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Lets a model answer the same prompts every time that it is measured, and writes the answers to
 * {@code samples.jsonl}. The figures are the answers' mean length in tokens and the share that ends
 * by itself.
 */
public final class SampleAnswers implements HeldOut {
  /**
   * @param prompts how many of the held-out prompts; 0 for none
   * @param maxNewTokens the most tokens of an answer
   * @param sampling how each token is drawn
   */
  public record Config(int prompts, int maxNewTokens, SamplingOptions sampling) {
    public Config {
      Check.that(prompts >= 0, "prompts", "must be >= 0, got %s", prompts);
      Check.that(maxNewTokens > 0, "max-new-tokens", "must be at least 1, got %s", maxNewTokens);
    }
  }

  /**
   * What is asked.
   *
   * @param text of the last message, for people
   * @param ids of the whole prompt
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
  public record Prompt(String text, int[] ids) {}

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final Config config;
  private final List<Prompt> prompts;
  private final Tokenizer tokenizer;
  private final Set<Integer> endings;
  private final long seed;

  /**
   * @param output the run's directory
   * @param prompts those to choose from; the first ones are taken
   * @param endings ids that end an answer
   */
  public SampleAnswers(
      Path output,
      Config config,
      List<Prompt> prompts,
      Tokenizer tokenizer,
      Set<Integer> endings,
      long seed) {
    this.file = output.resolve("samples.jsonl");
    this.config = config;
    this.prompts = prompts.stream().limit(config.prompts()).toList();
    this.tokenizer = tokenizer;
    this.endings = Set.copyOf(endings);
    this.seed = seed;
  }

  @Override
  public void measure(Llama model, long step, TrainingListener listener) {
    if (prompts.isEmpty()) {
      return;
    }
    List<Continued> answers = answers(model);
    write(step, answers);
    SortedMap<String, Double> figures = new TreeMap<>();
    figures.put("answer-tokens", mean(answers));
    figures.put("ended", ended(answers));
    listener.measured("samples", step, figures);
  }

  private List<Continued> answers(Llama model) {
    Options options = new Options(config.maxNewTokens(), config.sampling(), List.of(), seed);
    return new TextGenerator(model, tokenizer, endings)
        .continueAll(prompts.stream().map(Prompt::ids).toList(), options);
  }

  private static double mean(List<Continued> answers) {
    return answers.stream().mapToInt(answer -> answer.ids().length).average().orElseThrow();
  }

  private static double ended(List<Continued> answers) {
    return answers.stream()
        .mapToDouble(answer -> answer.ending() == TextGenerator.Ending.END_OF_TEXT ? 1 : 0)
        .average()
        .orElseThrow();
  }

  /** A resumed run may measure a step again; its answers are there then. */
  private void write(long step, List<Continued> answers) {
    Set<Long> known = new HashSet<>();
    try (JsonLog log = JsonLog.open(file, line -> known.add(line.path("step").asLong()))) {
      if (known.contains(step)) {
        return;
      }
      List<ObjectNode> lines = new ArrayList<>();
      for (int i = 0; i < answers.size(); i++) {
        lines.add(
            JSON.createObjectNode()
                .put("step", step)
                .put("prompt", prompts.get(i).text())
                .put("answer", answers.get(i).text())
                .put("ending", answers.get(i).ending().toString().toLowerCase(Locale.ROOT)));
      }
      log.add(lines);
    }
  }
}
