package io.kanana.pretrain;

import io.kanana.core.extension.Extension;
import io.kanana.core.extension.ExtensionProvider;
import java.util.List;

/** Where a pre-training run's tokenizer may come from. */
public final class PretrainExtensions implements ExtensionProvider {
  @Override
  public List<Extension<?>> extensions() {
    return List.of(
        new Extension<>(
            TokenizerChoice.class,
            "train-bpe",
            TrainBpe.class,
            "Byte-level BPE trained on the job's documents.",
            """
            special-tokens: [<|begin_of_text|>, <|end_of_text|>, <|pad|>, <|im_start|>, <|im_end|>]
            sample-bytes: 10_000_000
            """),
        new Extension<>(
            TokenizerChoice.class,
            "load",
            LoadTokenizer.class,
            "A tokenizer.json that exists.",
            ""));
  }
}
