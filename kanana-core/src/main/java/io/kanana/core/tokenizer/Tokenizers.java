package io.kanana.core.tokenizer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.Reason;
import io.kanana.core.tokenizer.TokenizerConfig.Role;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * Reads and writes tokenizers as Hugging Face does: {@code tokenizer.json}, {@code
 * tokenizer_config.json} and {@code chat_template.jinja}.
 *
 * <p>Whatever a file has that this package would have to ignore is refused with a {@link
 * CheckpointException} that names the file, the part and what is supported. A file may have up to
 * 256 MiB, 32 levels of nesting and strings of 16 Mi characters; ids may exceed twice the number of
 * tokens by 131,072.
 */
public final class Tokenizers {
  /** The file that holds a tokenizer. */
  public static final String TOKENIZER = "tokenizer.json";

  /** The file that says which special token plays which part. */
  public static final String CONFIG = "tokenizer_config.json";

  /** The file that holds the default chat template. */
  public static final String CHAT_TEMPLATE = "chat_template.jinja";

  private static final long LARGEST_FILE = 256L << 20;
  private static final int LONGEST_STRING = 16 << 20;
  private static final int DEEPEST = 32;
  private static final List<String> BEGIN_NAMES =
      List.of("<|begin_of_text|>", "<s>", "<|startoftext|>", "<bos>");
  private static final List<String> END_NAMES =
      List.of("<|end_of_text|>", "</s>", "<|endoftext|>", "<eos>");

  private static final ObjectMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEEPEST)
                          .maxStringLength(LONGEST_STRING)
                          .maxNameLength(LONGEST_STRING)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                  .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  private Tokenizers() {}

  /**
   * Reads a tokenizer.
   *
   * @param path a {@code tokenizer.json}, or a directory that has one; the {@code
   *     tokenizer_config.json} beside it, if any, says which tokens begin and end documents
   * @throws CheckpointException for a file that cannot be read faithfully
   */
  public static BytePairTokenizer load(Path path) {
    boolean directory = Files.isDirectory(path);
    Path file = directory ? path.resolve(TOKENIZER) : path;
    BytePairTokenizer tokenizer = parse(readBytes(file), file.toString());
    Path config = file.resolveSibling(CONFIG);
    return directory && Files.exists(config) ? withRoles(tokenizer, readConfig(config)) : tokenizer;
  }

  private static BytePairTokenizer withRoles(BytePairTokenizer tokenizer, TokenizerConfig config) {
    OptionalInt begin = config.tokenId(Role.BEGIN_OF_TEXT, tokenizer);
    OptionalInt end = config.tokenId(Role.END_OF_TEXT, tokenizer);
    return tokenizer.withDocumentTokens(
        begin.isPresent() ? begin : tokenizer.beginOfText(),
        end.isPresent() ? end : tokenizer.endOfText());
  }

  /**
   * Reads the content of a {@code tokenizer.json}. Tokens that begin and end documents are found by
   * their usual names.
   *
   * @param file how errors name it
   */
  public static BytePairTokenizer parse(byte[] content, String file) {
    return of(TokenizerJsonReader.read(file, tree(content, file)));
  }

  /** A tokenizer of these parts, whose document tokens have their usual names. */
  static BytePairTokenizer of(BytePairTokenizer.Parts parts) {
    BytePairTokenizer bare = new BytePairTokenizer(parts, OptionalInt.empty(), OptionalInt.empty());
    return bare.withDocumentTokens(firstOf(bare, BEGIN_NAMES), firstOf(bare, END_NAMES));
  }

  private static OptionalInt firstOf(BytePairTokenizer tokenizer, List<String> names) {
    return names.stream()
        .map(tokenizer::tokenId)
        .filter(OptionalInt::isPresent)
        .findFirst()
        .orElse(OptionalInt.empty());
  }

  /**
   * Reads the config of a tokenizer.
   *
   * @param directory where it is; one without a {@code tokenizer_config.json} gives {@link
   *     TokenizerConfig#empty()}, and a {@code chat_template.jinja} there is the default template
   */
  public static TokenizerConfig loadConfig(Path directory) {
    Path file = directory.resolve(CONFIG);
    Path template = directory.resolve(CHAT_TEMPLATE);
    TokenizerConfig config = Files.exists(file) ? readConfig(file) : TokenizerConfig.empty();
    return Files.exists(template)
        ? config.withChatTemplate(new String(readBytes(template), StandardCharsets.UTF_8))
        : config;
  }

  private static TokenizerConfig readConfig(Path file) {
    return parseConfig(readBytes(file), file.toString());
  }

  /** Reads the content of a {@code tokenizer_config.json}. */
  public static TokenizerConfig parseConfig(byte[] content, String file) {
    return TokenizerConfig.read(file, tree(content, file));
  }

  /** The content of the {@code tokenizer.json} of a tokenizer. */
  public static byte[] toJson(BytePairTokenizer tokenizer) {
    return bytes(TokenizerJsonWriter.write(tokenizer.parts()));
  }

  /** Whether two make the same tokens of every text, however their files are written. */
  public static boolean same(BytePairTokenizer one, BytePairTokenizer other) {
    return Arrays.equals(toJson(one), toJson(other));
  }

  /** The content of the {@code tokenizer_config.json} of a config. */
  public static byte[] toJson(TokenizerConfig config) {
    return bytes(config.toJson());
  }

  /**
   * Writes a tokenizer, its config and its default chat template to a directory, which is made if
   * need be.
   */
  public static void save(BytePairTokenizer tokenizer, TokenizerConfig config, Path directory) {
    try {
      Files.createDirectories(directory);
      Files.write(directory.resolve(TOKENIZER), toJson(tokenizer));
      Files.write(directory.resolve(CONFIG), toJson(config));
      if (config.chatTemplate().isPresent()) {
        Files.writeString(directory.resolve(CHAT_TEMPLATE), config.chatTemplate().get());
      }
    } catch (IOException e) {
      throw new CheckpointException(
          directory + ": the tokenizer cannot be written: " + Reason.of(e), e);
    }
  }

  private static byte[] bytes(JsonNode json) {
    try {
      return JSON.writeValueAsBytes(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] readBytes(Path file) {
    try {
      long size = Files.size(file);
      if (size > LARGEST_FILE) {
        throw new CheckpointException(
            file + ": the file has " + size + " bytes; at most " + LARGEST_FILE + " are accepted");
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new CheckpointException(file + ": the file cannot be read: " + Reason.of(e), e);
    }
  }

  private static JsonNode tree(byte[] content, String file) {
    try {
      return JSON.readTree(content);
    } catch (IOException e) {
      String message =
          e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
      throw new CheckpointException(
          file + ": the file is not valid JSON: " + Quoted.shortened(String.valueOf(message)), e);
    }
  }
}
