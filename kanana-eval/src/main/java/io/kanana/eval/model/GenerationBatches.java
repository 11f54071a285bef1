package io.kanana.eval.model;

import io.kanana.core.checkpoint.ModelDirectory;
import io.kanana.core.checkpoint.Sha256;
import io.kanana.core.error.ConfigException;
import io.kanana.core.generate.SamplingOptions;
import io.kanana.core.generate.TextGenerator;
import io.kanana.core.generate.TextGenerator.Continued;
import io.kanana.core.generate.TextGenerator.Ending;
import io.kanana.core.tokenizer.Tokenizer;
import io.kanana.core.tokenizer.Tokenizer.Specials;
import io.kanana.eval.model.EvaluationModel.Answers;
import io.kanana.eval.request.Generation;
import io.kanana.eval.request.Request.GenerateUntil;
import io.kanana.eval.request.Response;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Generates texts of the same settings together, those that begin alike first among themselves, the
 * longest first. A text is what the tokens say up to the first of its ends.
 */
final class GenerationBatches {
  private static final int LEAST_BEGINNING = 32;

  private final ModelDirectory directory;
  private final PromptEncoder encoder;
  private final SamplingOptions sampling;
  private final int maxLength;
  private final int batchTokens;
  private final boolean byLength;
  private long positions;

  GenerationBatches(
      ModelDirectory directory,
      PromptEncoder encoder,
      int maxLength,
      int batchTokens,
      boolean byLength) {
    this.directory = directory;
    this.encoder = encoder;
    this.sampling = directory.sampling();
    this.maxLength = maxLength;
    this.batchTokens = batchTokens;
    this.byLength = byLength;
  }

  /** A request, its tokens cut from the left to leave room for the answer. */
  private record Prompt(GenerateUntil request, int contextTokens, int[] ids) {}

  long positions() {
    return positions;
  }

  void answer(List<GenerateUntil> requests, Answers answers, BooleanSupplier stop) {
    Map<Generation, List<Prompt>> bySettings = new LinkedHashMap<>();
    for (GenerateUntil request : requests) {
      bySettings
          .computeIfAbsent(request.generation(), key -> new ArrayList<>())
          .add(prompt(request));
    }
    bySettings.forEach((generation, prompts) -> answer(generation, prompts, answers, stop));
  }

  private Prompt prompt(GenerateUntil request) {
    int[] ids = encoder.encode(request.context().text());
    int room = maxLength - request.generation().maxTokens();
    if (room < 1) {
      throw new ConfigException(
          "model.max-length",
          String.format(
              Locale.ROOT,
              "is %d, but a task wants to generate %d tokens, which leaves no room for a prompt; raise it",
              maxLength,
              request.generation().maxTokens()));
    }
    int[] used = ids.length == 0 ? new int[] {encoder.prefix()} : ids;
    return new Prompt(
        request,
        ids.length,
        Arrays.copyOfRange(used, Math.max(0, used.length - room), used.length));
  }

  private void answer(
      Generation generation, List<Prompt> prompts, Answers answers, BooleanSupplier stop) {
    TextGenerator generator =
        new TextGenerator(directory.model(), directory.tokenizer(), endings(generation.until()));
    CommonBeginnings<Prompt> beginnings =
        new CommonBeginnings<>(Prompt::ids, prompt -> prompt.ids.length, LEAST_BEGINNING);
    for (CommonBeginnings.Run<Prompt> run : beginnings.of(prompts)) {
      for (List<Prompt> batch : batches(generation, run.members())) {
        if (stop.getAsBoolean()) {
          return;
        }
        answer(generator, generation, batch, answers);
      }
    }
  }

  /** Ids that end a text: the model's, and special tokens among the texts that end it. */
  private Set<Integer> endings(List<String> until) {
    Tokenizer tokenizer = directory.tokenizer();
    Set<Integer> endings = new HashSet<>(directory.endings());
    for (String text : until) {
      int[] ids = tokenizer.encode(text, Specials.PARSE);
      if (ids.length == 1 && tokenizer.decode(ids, true).isEmpty()) {
        endings.add(ids[0]);
      }
    }
    return endings;
  }

  private List<List<Prompt>> batches(Generation generation, List<Prompt> prompts) {
    List<Prompt> sorted = new ArrayList<>(prompts);
    if (byLength) {
      sorted.sort(Comparator.comparingInt(prompt -> -prompt.ids.length));
    }
    List<List<Prompt>> batches = new ArrayList<>();
    int begin = 0;
    int longest = 0;
    for (int i = 0; i < sorted.size(); i++) {
      int longer = Math.max(longest, sorted.get(i).ids.length + generation.maxTokens());
      if (i > begin && (long) longer * (i + 1 - begin) > batchTokens) {
        batches.add(sorted.subList(begin, i));
        begin = i;
        longer = sorted.get(i).ids.length + generation.maxTokens();
      }
      longest = longer;
    }
    batches.add(sorted.subList(begin, sorted.size()));
    return batches;
  }

  private void answer(
      TextGenerator generator, Generation generation, List<Prompt> batch, Answers answers) {
    List<TextGenerator.Prompt> prompts =
        batch.stream()
            .map(prompt -> new TextGenerator.Prompt(prompt.ids, options(generation, prompt)))
            .toList();
    List<Continued> texts = generator.continueEach(prompts);
    for (int i = 0; i < batch.size(); i++) {
      Continued text = texts.get(i);
      Prompt prompt = batch.get(i);
      positions += prompt.ids.length + text.ids().length;
      answers.answered(
          prompt.request,
          new Response.Generated(
              generation.cut(said(text)), prompt.contextTokens, text.ids().length));
    }
  }

  private TextGenerator.Options options(Generation generation, Prompt prompt) {
    SamplingOptions drawn =
        new SamplingOptions(
            generation.temperature(), 0, generation.topP(), 0, sampling.repetitionPenalty());
    return new TextGenerator.Options(
        generation.maxTokens(), drawn, generation.until(), seed(prompt.request));
  }

  /** Of the question and the number of the answer, so that it depends on nothing beside it. */
  private static long seed(GenerateUntil request) {
    String text = request.repeat() + "\0" + request.context().text();
    byte[] hash = Sha256.bytesOf(text.getBytes(StandardCharsets.UTF_8));
    return ByteBuffer.wrap(hash).getLong();
  }

  private String said(Continued text) {
    int[] ids = text.ids();
    int length = text.ending() == Ending.END_OF_TEXT ? ids.length - 1 : ids.length;
    int known = directory.tokenizer().vocabularySize();
    int[] spoken = Arrays.stream(ids).limit(length).filter(id -> id < known).toArray();
    return directory.tokenizer().decode(spoken, true);
  }
}
