package io.kanana.core.checkpoint;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Files beside configuration and weights that belong to a model whatever its weights: tokenizer,
 * chat template, what it says about sampling, licences. A checkpoint that is made of another one
 * carries them on.
 */
public final class CompanionFiles {
  private static final List<String> NAMES =
      List.of(
          "tokenizer.json",
          "tokenizer_config.json",
          "special_tokens_map.json",
          "added_tokens.json",
          "tokenizer.model",
          "chat_template.jinja",
          GenerationConfig.FILE,
          "LICENSE",
          "LICENSE.txt",
          "NOTICE",
          "NOTICE.txt");

  private CompanionFiles() {}

  /**
   * Adds copies of those that a model has; a {@code generation_config.json} is made where it has
   * none.
   *
   * @param model the directory they are taken from
   * @param tokens what the model's {@code config.json} says of them
   */
  public static void copy(Path model, SpecialTokens tokens, ArtefactWriter artefact) {
    NAMES.stream()
        .filter(name -> Files.isRegularFile(model.resolve(name)))
        .forEach(name -> artefact.copy(name, model.resolve(name)));
    if (!Files.exists(model.resolve(GenerationConfig.FILE))) {
      artefact.write(GenerationConfig.FILE, GenerationConfig.of(tokens).toJson());
    }
  }
}
