package io.kanana.posttrain;

import io.kanana.core.extension.Extension;
import io.kanana.core.extension.ExtensionProvider;
import io.kanana.posttrain.conversation.ConversationFiles;
import io.kanana.posttrain.conversation.ConversationSource;
import java.util.List;

/** What a post-training run may read. */
public final class PosttrainExtensions implements ExtensionProvider {
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
            """));
  }
}
