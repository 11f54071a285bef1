package io.kanana.posttrain;

import io.kanana.core.extension.Extension;
import io.kanana.core.extension.ExtensionProvider;
import io.kanana.posttrain.arithmetic.ArithmeticConversations;
import io.kanana.posttrain.arithmetic.ArithmeticPairs;
import io.kanana.posttrain.conversation.ConversationFiles;
import io.kanana.posttrain.conversation.ConversationSource;
import io.kanana.posttrain.miniature.MiniatureConversations;
import io.kanana.posttrain.miniature.MiniaturePairs;
import io.kanana.posttrain.preference.PreferenceSource;
import java.util.List;

/** What a post-training run may read. */
public final class PosttrainExtensions implements ExtensionProvider {
  private static final String ARITHMETIC =
      "{operations: [add, subtract], digits: 2, first: 0, korean-share: 0.5, seed: 1}";

  private static final String MINIATURE = "miniature-questions";

  @Override
  public List<Extension<?>> extensions() {
    return List.of(
        new Extension<>(
            ConversationSource.Config.class,
            "files",
            ConversationFiles.class,
            "Conversations in JSON lines or Parquet tables: messages, ShareGPT, Alpaca.",
            """
            form: auto
            on-corrupt-file: stop
            max-record-bytes: 16_777_216
            """),
        new Extension<>(
            ConversationSource.Config.class,
            "arithmetic",
            ArithmeticConversations.class,
            "Sums that are made, in Korean and English, each with its answer worked out.",
            ARITHMETIC),
        new Extension<>(
            PreferenceSource.Config.class,
            "arithmetic",
            ArithmeticPairs.class,
            "Sums that are made, each with its right answer and a wrong one.",
            ARITHMETIC),
        new Extension<>(
            ConversationSource.Config.class,
            MINIATURE,
            MiniatureConversations.class,
            "Questions about the world of the miniature web, in Korean and English, answered.",
            "{first: 0, seed: 1}"),
        new Extension<>(
            PreferenceSource.Config.class,
            MINIATURE,
            MiniaturePairs.class,
            "The same, each with its right answer and one that has a fault.",
            "{first: 0, seed: 1, faults: [fact]}"));
  }
}
