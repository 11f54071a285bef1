package io.kanana.eval.model;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.checkpoint.ModelDirectory;
import io.kanana.core.checkpoint.Sha256;
import io.kanana.core.config.Check;
import io.kanana.core.config.Names;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.Reason;
import io.kanana.core.model.Precision;
import io.kanana.core.template.ChatTemplate;
import io.kanana.core.template.RenderOptions;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.TensorBackends;
import io.kanana.eval.request.Context;
import io.kanana.eval.request.Message;
import io.kanana.eval.request.Request;
import io.kanana.eval.request.Response;
import io.kanana.eval.request.Spaces;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** A Llama in this process: a checkpoint of ours or any Hugging Face directory. */
public final class LocalModel implements EvaluationModel {
  private final Config config;
  private final Clock clock;
  private final TensorBackend backend;
  private final ModelDirectory directory;
  private final Optional<ChatTemplate> template;
  private final PromptEncoder encoder;
  private final int maxLength;
  private final SequenceScorer scorer;
  private final GenerationBatches generations;

  /**
   * Settings of {@code type: checkpoint}.
   *
   * @param path the directory
   * @param backend a back end's name, or {@code auto}
   * @param threads as many as there are processors where absent
   * @param maxLength the most tokens that are read at once; the model's context where absent
   * @param batchTokens positions that go through the model together, padding included
   * @param rollingContext tokens of the window before that a later window of a long text begins
   *     with, unscored
   * @param sharePrefixes whether what scored requests begin with in common is computed once
   * @param batchByLength whether requests of about the same length go through the model together
   */
  public record Config(
      Path path,
      String backend,
      OptionalInt threads,
      Precision precision,
      OptionalInt maxLength,
      int batchTokens,
      int rollingContext,
      boolean sharePrefixes,
      boolean batchByLength)
      implements EvaluationModel.Config {
    public Config {
      Check.that(threads.orElse(1) > 0, "threads", "must be at least 1, got %s", threads.orElse(1));
      Check.that(
          maxLength.orElse(2) > 1, "max-length", "must be at least 2, got %s", maxLength.orElse(2));
      Check.that(batchTokens > 0, "batch-tokens", "must be at least 1, got %s", batchTokens);
      Check.that(
          rollingContext > 0 && rollingContext <= maxLength.orElse(Integer.MAX_VALUE),
          List.of("rolling-context", "max-length"),
          "must be from 1 to max-length, got %s",
          rollingContext);
    }

    /** What is taken where nobody asks for anything else. */
    public static Config of(Path path) {
      return new Config(
          path,
          TensorBackends.AUTO,
          OptionalInt.empty(),
          Precision.F32,
          OptionalInt.empty(),
          8192,
          1,
          true,
          true);
    }

    @Override
    public EvaluationModel open(Clock clock) {
      place().check();
      return new LocalModel(this, clock);
    }

    @Override
    public String label() {
      return path.toString();
    }

    @Override
    public String plan() {
      return place().plan(label());
    }

    private NamedDirectory place() {
      return new NamedDirectory("model.path", path, "a model");
    }

    @Override
    public Optional<Path> directory() {
      return Optional.of(path);
    }
  }

  private LocalModel(Config config, Clock clock) {
    this.config = config;
    this.clock = clock;
    this.backend =
        TensorBackends.open(
            config.backend(), config.threads().orElse(Runtime.getRuntime().availableProcessors()));
    try {
      this.directory = ModelDirectory.open(config.path(), backend, config.precision());
    } catch (RuntimeException e) {
      backend.close();
      throw e;
    }
    try {
      this.template = directory.chatTemplate();
      this.encoder = PromptEncoder.of(directory);
      this.maxLength = maxLength(config, directory.model().config().contextLength());
      this.scorer =
          new SharedPrefixScorer(
              directory.model(),
              config.batchTokens(),
              config.sharePrefixes(),
              config.batchByLength());
      this.generations =
          new GenerationBatches(
              directory, encoder, maxLength, config.batchTokens(), config.batchByLength());
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private static int maxLength(Config config, int context) {
    int wanted = config.maxLength().orElse(context);
    if (wanted > context) {
      throw new ConfigException(
          "model.max-length",
          String.format(Locale.ROOT, "is %d, but the context of the model is %d", wanted, context));
    }
    return wanted;
  }

  @Override
  public ObjectNode identity() {
    ObjectNode identity =
        JsonNodeFactory.instance
            .objectNode()
            .put("type", "checkpoint")
            .put("weights", fingerprint(config.path()))
            .put("maxLength", maxLength)
            .put("rollingContext", config.rollingContext())
            .put("precision", Names.of(config.precision()));
    return identity;
  }

  /** The artefact's identity, or for what others made the names and sizes of its files. */
  private static String fingerprint(Path directory) {
    if (Artefact.isArtefact(directory)) {
      return Artefact.open(directory).id();
    }
    try (Stream<Path> files = Files.list(directory)) {
      StringBuilder all = new StringBuilder();
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        all.append(file.getFileName()).append('\0').append(Files.size(file)).append('\0');
        all.append(Files.getLastModifiedTime(file)).append('\0');
      }
      return Sha256.of(all.toString().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new CheckpointException(directory + ": cannot be listed: " + Reason.of(e), e);
    }
  }

  @Override
  public Context conversation(List<Message> messages, boolean answerBegun) {
    ChatTemplate chat =
        template.orElseThrow(
            () ->
                new CheckpointException(
                    config.path()
                        + ": the model has no chat template; leave chat out, or add chat_template.jinja"));
    RenderOptions options =
        directory.withSpecialTokens(RenderOptions.at(clock)).withGenerationPrompt(!answerBegun);
    List<Map<String, String>> turns = new ArrayList<>();
    for (Message message : messages) {
      Map<String, String> turn = new LinkedHashMap<>();
      turn.put("role", message.role());
      turn.put("content", message.content());
      turns.add(turn);
    }
    String text = chat.render(turns, options).text();
    return new Context.Text(answerBegun ? cutAfter(text, messages.getLast().content()) : text);
  }

  /**
   * The text up to the end of the answer that was begun, without what the template closes a turn
   * with: {@code continue_final_message} of transformers.
   */
  private static String cutAfter(String text, String begun) {
    int at = text.lastIndexOf(begun);
    String end = begun;
    if (at < 0) {
      end = Spaces.strip(begun);
      at = text.lastIndexOf(end);
    }
    if (at < 0) {
      throw new CheckpointException(
          "the chat template does not write the beginning of an answer as it is, so it cannot be gone on with: \""
              + begun
              + "\"");
    }
    return text.substring(0, at + end.length());
  }

  @Override
  public void answer(List<? extends Request> requests, Answers answers, BooleanSupplier stop) {
    List<Request.LogLikelihood> likelihoods = new ArrayList<>();
    List<Request.RollingLogLikelihood> rolling = new ArrayList<>();
    List<Request.GenerateUntil> texts = new ArrayList<>();
    for (Request request : requests) {
      switch (request) {
        case Request.LogLikelihood likelihood -> likelihoods.add(likelihood);
        case Request.RollingLogLikelihood text -> rolling.add(text);
        case Request.GenerateUntil text -> texts.add(text);
      }
    }
    logLikelihoods(likelihoods, answers, stop);
    rolling(rolling, answers, stop);
    generations.answer(texts, answers, stop);
  }

  private void logLikelihoods(
      List<Request.LogLikelihood> requests, Answers answers, BooleanSupplier stop) {
    List<Sequence> sequences = new ArrayList<>();
    for (Request.LogLikelihood request : requests) {
      PromptEncoder.Pair pair = encoder.encode(request);
      sequences.add(Sequence.of(request, pair, maxLength));
    }
    scorer.score(
        sequences,
        (index, score) -> {
          Sequence sequence = sequences.get(index);
          answers.answered(
              requests.get(index),
              new Response.LogLikelihood(
                  score.sum(), score.greedy(), sequence.context(), sequence.targets().length));
        },
        stop);
  }

  private void rolling(
      List<Request.RollingLogLikelihood> requests, Answers answers, BooleanSupplier stop) {
    RollingWindows windows =
        new RollingWindows(encoder.prefix(), maxLength, config.rollingContext());
    List<Sequence> sequences = new ArrayList<>();
    List<RollingSum> sums = new ArrayList<>();
    List<RollingSum> owners = new ArrayList<>();
    for (Request.RollingLogLikelihood request : requests) {
      int[] tokens = encoder.encode(request.text());
      List<RollingWindows.Window> cut = windows.of(tokens);
      RollingSum sum = new RollingSum(request, tokens.length, cut.size());
      sums.add(sum);
      for (RollingWindows.Window window : cut) {
        sequences.add(Sequence.of(window.context(), window.scored(), maxLength));
        owners.add(sum);
      }
    }
    sums.stream().filter(RollingSum::complete).forEach(sum -> sum.tell(answers));
    scorer.score(
        sequences,
        (index, score) -> {
          RollingSum owner = owners.get(index);
          owner.add(index, score.sum());
          if (owner.complete()) {
            owner.tell(answers);
          }
        },
        stop);
  }

  @Override
  public double flops() {
    double each = directory.model().config().trainingFlopsPerToken(maxLength) / 3;
    return each * (scorer.positions() + generations.positions());
  }

  @Override
  public void close() {
    directory.close();
    backend.close();
  }
}
