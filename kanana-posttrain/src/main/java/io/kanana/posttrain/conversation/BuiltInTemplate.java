package io.kanana.posttrain.conversation;

import io.kanana.core.config.Names;
import io.kanana.core.error.ConfigException;
import io.kanana.core.tokenizer.BytePairTokenizer;
import io.kanana.core.tokenizer.TokenizerConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Chat templates for models that have none. All begin with the token that begins documents where
 * the tokenizer has one, and mark what the assistant says by {@code generation} blocks, which hold
 * the token that ends its turn. All but {@link #PLAIN} take functions, their calls and results.
 */
public enum BuiltInTemplate {
  /**
   * That of Llama 3 Instruct, which the Kanana models use (report, section 6.2). The dates that
   * Llama 3.1 writes into the system message are left out, so that the text does not depend on the
   * day; functions and calls are in the style of 3.1, but compact, and several may be called.
   */
  LLAMA_3("<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"),
  /** Messages between {@code <|im_start|>} and {@code <|im_end|>}. */
  CHATML("<|im_start|>", "<|im_end|>"),
  /**
   * {@code Question: ...} and {@code Answer: ...} on lines of their own, in whichever language is
   * spoken: a small base model knows them from pages, where it has never seen the tokens of the
   * others. An answer ends with the token that ends documents.
   */
  PLAIN();

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<String> specialTokens;

  BuiltInTemplate(String... specialTokens) {
    this.specialTokens = List.of(specialTokens);
  }

  /** The name in a configuration. */
  public String label() {
    return Names.of(this);
  }

  /** The template of a name, if there is one. */
  public static Optional<BuiltInTemplate> named(String label) {
    return Arrays.stream(values()).filter(template -> template.label().equals(label)).findFirst();
  }

  /** All names. */
  public static List<String> labels() {
    return Arrays.stream(values()).map(BuiltInTemplate::label).toList();
  }

  /** The template as Jinja. */
  public String text() {
    String name = label() + ".jinja";
    try (InputStream in = BuiltInTemplate.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("the resource " + name + " cannot be read", e);
    }
  }

  /** The tokens that it writes, besides the one that begins documents. */
  public List<String> specialTokens() {
    return specialTokens;
  }

  /**
   * Checks that a tokenizer has the template's special tokens, each as one token.
   *
   * @param config says whether the tokenizer has a token that ends documents
   * @throws ConfigException naming those that are missing
   */
  public void requireTokens(BytePairTokenizer tokenizer, TokenizerConfig config) {
    requireSpecialTokens(tokenizer);
    if (specialTokens.isEmpty() && config.token(TokenizerConfig.Role.END_OF_TEXT).isEmpty()) {
      throw new ConfigException(
          "template",
          label()
              + " ends an answer with the token that ends documents, which the tokenizer lacks;"
              + " choose a template whose tokens it has");
    }
  }

  private void requireSpecialTokens(BytePairTokenizer tokenizer) {
    Set<String> present = new HashSet<>();
    tokenizer.addedTokens().stream()
        .filter(token -> token.special())
        .forEach(token -> present.add(token.content()));
    List<String> missing =
        specialTokens.stream().filter(token -> !present.contains(token)).toList();
    if (!missing.isEmpty()) {
      throw new ConfigException(
          "template",
          label()
              + " needs the special tokens "
              + missing
              + ", which the tokenizer lacks; name them in special-tokens of type: train-bpe when the"
              + " tokenizer is made, or choose a template whose tokens it has");
    }
  }
}
