package io.kanana.posttrain.conversation;

import io.kanana.core.checkpoint.ArtefactWriter;
import io.kanana.data.shard.ShardSetWriter;
import io.kanana.data.shard.ShardsManifest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/** Conversations of which only ids and masks are known, as shards. */
final class MarkedShards {
  private MarkedShards() {}

  /**
   * @param masks 1 for a token that is trained on
   */
  static ConversationShards write(
      Path directory, int contextLength, int vocabularySize, List<int[]> ids, List<int[]> masks)
      throws IOException {
    Path tokens = directory.resolve("tokens");
    try (ArtefactWriter artefact =
        ArtefactWriter.create(tokens, ConversationTokenization.KIND, List.of())) {
      ShardsManifest kind = ShardsManifest.empty("golden", 2 * vocabularySize, true, false);
      try (ShardSetWriter shards = new ShardSetWriter(artefact, kind, 1 << 20)) {
        for (int i = 0; i < ids.size(); i++) {
          int[] marked = ids.get(i).clone();
          for (int t = 0; t < marked.length; t++) {
            marked[t] += vocabularySize * masks.get(i)[t];
          }
          shards.add(marked, 10L * (i + 1));
        }
        shards.finish();
      }
      artefact.write(
          ConversationCounts.FILE,
          new ConversationCounts(
                  ConversationCounts.FORMAT,
                  "golden",
                  contextLength,
                  TooLong.DROP,
                  0,
                  ids.size(),
                  0,
                  0,
                  0,
                  0,
                  new TreeSet<>(),
                  new TreeMap<>())
              .json());
      artefact.commit();
    }
    return ConversationShards.open(tokens, directory.resolve("packed"), packed -> {});
  }
}
