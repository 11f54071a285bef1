package io.kanana.posttrain.preference;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.checkpoint.ArtefactWriter;
import io.kanana.core.error.DataException;
import io.kanana.core.random.RandomKey;
import io.kanana.data.shard.HeldOut;
import io.kanana.posttrain.preference.RewardEncoder.Encoded;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The pairs of a run as a model reads them.
 *
 * @param trained at least one
 * @param heldOut at least one
 * @param faults what was left out
 */
record RewardData(List<Encoded> trained, List<Encoded> heldOut, RewardFaults faults) {
  /** The kind of the artefact that keeps them. */
  private static final String KIND = "preference-pairs";

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Reads all sources.
   *
   * @param longest the most tokens of a pair
   * @throws DataException if no pair is left to train on, or none to measure on
   */
  static RewardData read(
      RewardConfig.Data config, RewardEncoder encoder, int longest, RandomKey key) {
    RewardFaults faults = new RewardFaults();
    HeldOut share = new HeldOut(config.heldOutShare());
    List<Encoded> trained = new ArrayList<>();
    List<Encoded> heldOut = new ArrayList<>();
    for (int i = 0; i < config.pairs().size(); i++) {
      List<RewardPair> pairs = config.pairs().get(i).create().read(key.child(i), share, faults);
      for (Encoded pair : encoder.encode(pairs, longest, faults)) {
        (pair.pair().heldOut() ? heldOut : trained).add(pair);
      }
    }
    require(trained, "to train on", faults);
    require(heldOut, "held out", faults);
    return new RewardData(trained, heldOut, faults);
  }

  private static void require(List<Encoded> pairs, String what, RewardFaults faults) {
    if (pairs.isEmpty()) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "of the sources in data.pairs no pair is left %s%s; give more pairs or another held-out-share",
              what,
              faults.describe().isEmpty()
                  ? ""
                  : " (" + String.join("; ", faults.describe()) + ")"));
    }
  }

  static List<PairTokens> tokens(List<Encoded> pairs) {
    return pairs.stream().map(Encoded::tokens).toList();
  }

  static List<RewardPair> texts(List<Encoded> pairs) {
    return pairs.stream().map(Encoded::pair).toList();
  }

  /** Keeps them as texts, in the form that {@code type: preferences} reads. */
  void write(Path directory) {
    try (ArtefactWriter artefact = ArtefactWriter.create(directory, KIND, List.of())) {
      artefact.write("train.jsonl", lines(trained));
      artefact.write("held-out.jsonl", lines(heldOut));
      artefact.commit();
    }
  }

  private static byte[] lines(List<Encoded> pairs) {
    StringBuilder lines = new StringBuilder();
    for (RewardPair pair : texts(pairs)) {
      ObjectNode line = JSON.createObjectNode().put("id", pair.id());
      ArrayNode prompt = line.putArray("prompt");
      pair.prompt()
          .forEach(
              message ->
                  prompt.addObject().put("role", message.role()).put("content", message.content()));
      line.put("chosen", pair.chosen()).put("rejected", pair.rejected());
      line.put("margin", pair.margin());
      lines.append(line).append('\n');
    }
    return lines.toString().getBytes(StandardCharsets.UTF_8);
  }
}
