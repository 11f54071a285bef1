package io.kanana.pretrain.reshape;

import io.kanana.core.config.Check;
import io.kanana.data.document.DocumentSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Text that a model is observed and measured on: documents, or tokens that a run made of some. With
 * neither there is none.
 *
 * @param documents sources, one after the other, for the parent's tokenizer
 * @param tokens a directory with {@code train} and {@code held-out}, such as a run's {@code tokens}
 * @param heldOutShare the share of the documents that is only measured on
 * @param contextLength positions of a window; where it is absent, the model's context
 */
public record TextConfig(
    List<DocumentSource.Config> documents,
    Optional<Path> tokens,
    double heldOutShare,
    OptionalInt contextLength) {
  public TextConfig {
    Check.that(
        documents.isEmpty() || tokens.isEmpty(),
        "tokens",
        "must not stand beside documents; give one of them");
    Check.that(
        heldOutShare > 0 && heldOutShare < 1,
        "held-out-share",
        "must lie between 0 and 1, got %s",
        heldOutShare);
    Check.that(
        contextLength.orElse(1) > 0,
        "context-length",
        "must be at least 1, got %s",
        contextLength.orElse(0));
  }

  /** Whether there is any. */
  public boolean isGiven() {
    return !documents.isEmpty() || tokens.isPresent();
  }
}
