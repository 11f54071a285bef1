package io.kanana.pretrain;

import io.kanana.core.tokenizer.Tokenizers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * A tokenizer that exists ({@code type: load}).
 *
 * @param path a {@code tokenizer.json} or its directory
 */
public record LoadTokenizer(Path path) implements TokenizerChoice {
  @Override
  public OptionalInt mostTokens() {
    return OptionalInt.empty();
  }

  @Override
  public Made make(Texts texts, int threads) {
    Path given = path.toAbsolutePath();
    Path directory = Files.isDirectory(given) ? given : given.getParent();
    return new Made(Tokenizers.load(given), Tokenizers.loadConfig(directory));
  }
}
