package io.kanana.posttrain.preference;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.checkpoint.ArtefactWriter;
import io.kanana.core.error.DataException;
import io.kanana.core.random.RandomKey;
import io.kanana.data.document.QuarantineLog;
import io.kanana.data.shard.HeldOut;
import io.kanana.posttrain.conversation.Message;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The pairs of a run as a model reads them.
 *
 * @param trained at least one
 * @param heldOut at least one
 */
record RewardData(List<Encoded> trained, List<Encoded> heldOut) {
  /** A pair and its tokens. */
  record Encoded(RewardPair pair, PairTokens tokens) {}

  /** The kind of the artefact that keeps them. */
  private static final String KIND = "preference-pairs";

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Reads all sources.
   *
   * @param quarantine is told of what is left out
   * @throws DataException if no pair is left to train on, or none to measure on
   */
  static RewardData read(
      RewardConfig.Data config,
      RewardEncoder encoder,
      PairLimits limits,
      RandomKey key,
      QuarantineLog quarantine) {
    HeldOut share = new HeldOut(config.heldOutShare());
    List<Encoded> trained = new ArrayList<>();
    List<Encoded> heldOut = new ArrayList<>();
    RewardPairs.Taker taker =
        pair ->
            (pair.heldOut() ? heldOut : trained)
                .add(new Encoded(pair, encoder.encode(pair, limits)));
    for (int i = 0; i < config.pairs().size(); i++) {
      config.pairs().get(i).create().read(key.child(i), share, quarantine, taker);
    }
    PairData.requireSome(trained, "to train on", quarantine);
    PairData.requireSome(heldOut, "held out", quarantine);
    return new RewardData(trained, heldOut);
  }

  /** The ids that end answers. */
  Set<Integer> ends() {
    Set<Integer> ends = new TreeSet<>();
    for (Encoded each : trained) {
      int[] ids = each.tokens.chosen().ids();
      ends.add(ids[ids.length - 1]);
    }
    return ends;
  }

  static List<PairTokens> tokens(List<Encoded> pairs) {
    return pairs.stream().map(Encoded::tokens).toList();
  }

  static List<RewardPair> texts(List<Encoded> pairs) {
    return pairs.stream().map(Encoded::pair).toList();
  }

  /** Keeps them as texts. */
  void write(Path directory) {
    try (ArtefactWriter artefact = ArtefactWriter.create(directory, KIND, List.of())) {
      artefact.write("train.jsonl", lines(trained));
      artefact.write("held-out.jsonl", lines(heldOut));
      artefact.commit();
    }
  }

  private static void write(List<Message> prompt, ArrayNode into) {
    for (Message message : prompt) {
      into.addObject().put("role", message.role().label()).put("content", message.content());
    }
  }

  private static byte[] lines(List<Encoded> pairs) {
    StringBuilder lines = new StringBuilder();
    for (RewardPair pair : texts(pairs)) {
      ObjectNode line = JSON.createObjectNode();
      pair.conversations().ifPresent(both -> write(both.prompt(), line.putArray("prompt")));
      line.put("chosen", pair.chosen()).put("rejected", pair.rejected());
      line.put("margin", pair.margin());
      lines.append(line).append('\n');
    }
    return lines.toString().getBytes(StandardCharsets.UTF_8);
  }
}
