package io.kanana.pretrain;

import io.kanana.core.extension.Extension;
import io.kanana.core.extension.ExtensionProvider;
import io.kanana.core.tokenizer.BpeTrainer;
import io.kanana.core.tokenizer.BytePairTokenizer;
import io.kanana.core.tokenizer.TokenizerConfig;
import java.util.List;
import java.util.OptionalInt;

/** A tokenizer that somebody else's jar makes: bytes, and nothing that begins or ends a text. */
public record BytesOnly() implements TokenizerChoice {
  @Override
  public OptionalInt mostTokens() {
    return OptionalInt.of(256);
  }

  @Override
  public Made make(Texts texts, int threads) {
    BytePairTokenizer tokenizer =
        new BpeTrainer(new BpeTrainer.Config(256, List.of()))
            .train(texts.sample(1).iterator(), threads);
    return new Made(tokenizer, TokenizerConfig.of(tokenizer));
  }

  /** Found through the services file of the test resources. */
  public static final class Provider implements ExtensionProvider {
    @Override
    public List<Extension<?>> extensions() {
      return List.of(
          new Extension<>(TokenizerChoice.class, "test-bytes", BytesOnly.class, "Bytes.", ""));
    }
  }
}
