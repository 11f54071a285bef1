package io.kanana.core.checkpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.tokenizer.Tokenizer;
import io.kanana.core.tokenizer.TokenizerConfig;
import io.kanana.core.tokenizer.TokenizerConfig.Role;
import java.util.List;
import java.util.OptionalInt;

/**
 * Ids of special tokens as {@code config.json} and {@code generation_config.json} give them.
 *
 * @param bos put before a text
 * @param eos any of them ends a text
 * @param pad fills up a batch
 */
public record SpecialTokens(OptionalInt bos, List<Integer> eos, OptionalInt pad) {
  public static final SpecialTokens NONE =
      new SpecialTokens(OptionalInt.empty(), List.of(), OptionalInt.empty());

  public SpecialTokens {
    eos = List.copyOf(eos);
  }

  /** The tokens that a tokenizer's config names, else those that the tokenizer itself has. */
  public static SpecialTokens of(Tokenizer tokenizer, TokenizerConfig config) {
    OptionalInt end = or(config.tokenId(Role.END_OF_TEXT, tokenizer), tokenizer.endOfText());
    return new SpecialTokens(
        or(config.tokenId(Role.BEGIN_OF_TEXT, tokenizer), tokenizer.beginOfText()),
        end.stream().boxed().toList(),
        config.tokenId(Role.PADDING, tokenizer));
  }

  private static OptionalInt or(OptionalInt named, OptionalInt own) {
    return named.isPresent() ? named : own;
  }

  static SpecialTokens read(JsonFields json) {
    return new SpecialTokens(
        first(json.intOrInts("bos_token_id")),
        json.intOrInts("eos_token_id"),
        first(json.intOrInts("pad_token_id")));
  }

  private static OptionalInt first(List<Integer> ids) {
    return ids.isEmpty() ? OptionalInt.empty() : OptionalInt.of(ids.getFirst());
  }

  void write(ObjectNode json) {
    bos.ifPresent(id -> json.put("bos_token_id", id));
    if (eos.size() == 1) {
      json.put("eos_token_id", eos.getFirst());
    } else if (!eos.isEmpty()) {
      eos.forEach(json.putArray("eos_token_id")::add);
    }
    pad.ifPresent(id -> json.put("pad_token_id", id));
  }
}
