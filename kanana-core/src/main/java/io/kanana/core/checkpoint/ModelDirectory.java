package io.kanana.core.checkpoint;

import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.ConfigException;
import io.kanana.core.generate.SamplingOptions;
import io.kanana.core.generate.TextGenerator;
import io.kanana.core.model.Llama;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.Precision;
import io.kanana.core.template.ChatTemplate;
import io.kanana.core.template.RenderOptions;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tokenizer.BytePairTokenizer;
import io.kanana.core.tokenizer.Tokenizer;
import io.kanana.core.tokenizer.TokenizerConfig;
import io.kanana.core.tokenizer.TokenizerConfig.Role;
import io.kanana.core.tokenizer.Tokenizers;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * A Llama in a Hugging Face directory, ours or others', ready to be asked: weights in a back end's
 * memory, tokenizer, the ids that end its texts, and what it says about sampling and chats.
 *
 * <p>It owns the model's weights until it is closed; the back end stays the caller's. Not safe for
 * use by several threads.
 */
public final class ModelDirectory implements AutoCloseable {
  /** The kind of the artefacts. */
  public static final String KIND = "checkpoint";

  private static final long LARGEST_SHARD = 5_000_000_000L;

  private final Path directory;
  private final Llama model;
  private final BytePairTokenizer tokenizer;
  private final TokenizerConfig tokenizerConfig;
  private final Optional<GenerationConfig> generation;
  private final Set<Integer> endings;

  private ModelDirectory(
      Path directory,
      Llama model,
      BytePairTokenizer tokenizer,
      TokenizerConfig tokenizerConfig,
      Optional<GenerationConfig> generation,
      Set<Integer> endings) {
    this.directory = directory;
    this.model = model;
    this.tokenizer = tokenizer;
    this.tokenizerConfig = tokenizerConfig;
    this.generation = generation;
    this.endings = endings;
  }

  /**
   * Reads a directory: {@code config.json}, weights in one file or several, {@code tokenizer.json}
   * and, where they exist, {@code tokenizer_config.json}, {@code generation_config.json} and {@code
   * chat_template.jinja}.
   *
   * @param backend where the weights go; it must stay open longer than this
   * @throws CheckpointException if a file is missing or malformed, a weight is missing, misshapen
   *     or one too many, or the tokenizer has more tokens than the model
   */
  public static ModelDirectory open(Path directory, TensorBackend backend, Precision precision) {
    try (HuggingFaceModel stored = HuggingFaceModel.open(directory)) {
      BytePairTokenizer tokenizer = tokenizer(directory, stored.config().model());
      TokenizerConfig tokenizerConfig = Tokenizers.loadConfig(directory);
      Optional<GenerationConfig> generation = GenerationConfig.read(directory);
      Set<Integer> endings = endings(stored.config(), generation);
      Llama model = ModelWeights.load(stored, precision, backend);
      return new ModelDirectory(directory, model, tokenizer, tokenizerConfig, generation, endings);
    }
  }

  private static BytePairTokenizer tokenizer(Path directory, ModelConfig config) {
    BytePairTokenizer tokenizer = Tokenizers.load(directory);
    checkVocabulary(directory, tokenizer, config);
    return tokenizer;
  }

  private static void checkVocabulary(
      Path directory, BytePairTokenizer tokenizer, ModelConfig config) {
    if (tokenizer.vocabularySize() > config.vocabularySize()) {
      throw new CheckpointException(
          String.format(
              Locale.ROOT,
              "%s: the tokenizer has %d tokens, but the model only %d; one of them is another model's",
              directory,
              tokenizer.vocabularySize(),
              config.vocabularySize()));
    }
  }

  private static Set<Integer> endings(
      HuggingFaceConfig config, Optional<GenerationConfig> generation) {
    List<Integer> suggested = generation.map(found -> found.tokens().eos()).orElse(List.of());
    return Set.copyOf(suggested.isEmpty() ? config.tokens().eos() : suggested);
  }

  /**
   * Writes what {@link #open} reads, and transformers, vLLM and llama.cpp's converter too: an
   * artefact of kind {@code checkpoint}, which takes the place of an older one at once. The tokens
   * that begin, end and fill up texts are those that the tokenizer's config names, else the
   * tokenizer's own.
   *
   * @param type of the stored weights: F32, BF16, F16 or F64
   * @throws CheckpointException if the tokenizer has more tokens than the model, or the directory
   *     cannot be written or holds something else
   */
  public static Artefact write(
      Path directory,
      Llama model,
      BytePairTokenizer tokenizer,
      TokenizerConfig tokenizerConfig,
      StoredType type) {
    checkVocabulary(directory, tokenizer, model.config());
    try (ArtefactWriter artefact = ArtefactWriter.create(directory, KIND, List.of())) {
      writeModel(artefact, model, SpecialTokens.of(tokenizer, tokenizerConfig), type);
      writeTokenizer(artefact, tokenizer, tokenizerConfig);
      return artefact.commit();
    }
  }

  /** Adds a tokenizer's files to an artefact, with the chat template if its config has one. */
  public static void writeTokenizer(
      ArtefactWriter artefact, BytePairTokenizer tokenizer, TokenizerConfig config) {
    artefact.write(Tokenizers.TOKENIZER, Tokenizers.toJson(tokenizer));
    artefact.write(Tokenizers.CONFIG, Tokenizers.toJson(config));
    config.chatTemplate().ifPresent(text -> artefact.write(Tokenizers.CHAT_TEMPLATE, text));
  }

  /**
   * Adds {@code config.json}, {@code generation_config.json} (of a language model) and the weights
   * of a model to an artefact.
   *
   * @param type of the stored weights
   */
  public static void writeModel(
      ArtefactWriter artefact, Llama model, SpecialTokens tokens, StoredType type) {
    HuggingFaceConfig config =
        new HuggingFaceConfig(model.config(), type, tokens, OptionalDouble.empty(), model.kind());
    List<TensorContent> weights =
        ModelWeights.of(model).stream().map(weight -> weight.as(type)).toList();
    HuggingFaceModel.write(artefact, config, weights, LARGEST_SHARD);
  }

  public Path directory() {
    return directory;
  }

  public Llama model() {
    return model;
  }

  public Tokenizer tokenizer() {
    return tokenizer;
  }

  /**
   * The ids that end a text: those of {@code generation_config.json}, else of {@code config.json}.
   */
  public Set<Integer> endings() {
    return endings;
  }

  /** Continues texts with this model, which must stay open meanwhile. */
  public TextGenerator generator() {
    return new TextGenerator(model, tokenizer, endings);
  }

  /**
   * How this model wants to be sampled: what {@code generation_config.json} says, and {@link
   * SamplingOptions#DEFAULT} for the rest.
   *
   * @throws CheckpointException if it says what cannot be done
   */
  public SamplingOptions sampling() {
    SamplingOptions usual = SamplingOptions.DEFAULT;
    if (generation.isEmpty()) {
      return usual;
    }
    GenerationConfig wanted = generation.get();
    boolean greedy = wanted.sample().map(sample -> !sample).orElse(false);
    try {
      return new SamplingOptions(
          greedy ? 0 : wanted.temperature().orElse(usual.temperature()),
          wanted.topK().orElse(usual.topK()),
          wanted.topP().orElse(usual.topP()),
          wanted.minP().orElse(usual.minP()),
          wanted.repetitionPenalty().orElse(usual.repetitionPenalty()));
    } catch (ConfigException e) {
      Path file = directory.resolve(GenerationConfig.FILE);
      throw new CheckpointException(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * How conversations with this model are written; empty for a model that knows none.
   *
   * @throws CheckpointException if there is one that cannot be read
   */
  public Optional<ChatTemplate> chatTemplate() {
    return tokenizerConfig
        .chatTemplate()
        .map(text -> ChatTemplate.parse("chat template of " + directory, text));
  }

  /** These options with the names of the tokens that begin and end this model's documents. */
  public RenderOptions withSpecialTokens(RenderOptions options) {
    return options.withSpecialTokens(
        tokenizerConfig.token(Role.BEGIN_OF_TEXT).orElse(null),
        tokenizerConfig.token(Role.END_OF_TEXT).orElse(null));
  }

  @Override
  public void close() {
    model.close();
  }
}
