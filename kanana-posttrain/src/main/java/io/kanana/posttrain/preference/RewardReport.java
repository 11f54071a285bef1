package io.kanana.posttrain.preference;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.checkpoint.WholeFile;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.Reason;
import io.kanana.core.job.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a reward model is worth on held-out pairs, and what words alone and length alone are worth
 * on the same ones: {@code reward.json}, and a few lines for people.
 */
final class RewardReport {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FILE = "reward.json";
  private static final List<String> BASELINES = List.of("bagOfWords", "longer");

  private final Progress progress;
  private final Path file;
  private final ObjectNode report = JSON.createObjectNode();

  RewardReport(Path output, Progress progress) {
    this.progress = progress;
    this.file = output.resolve(FILE);
  }

  /** How many pairs there are. */
  void pairs(int train, int heldOut) {
    report.put("trainPairs", train).put("heldOutPairs", heldOut);
  }

  /** The reward model itself. */
  void model(String id, RewardQuality quality) {
    ObjectNode entry = report.putObject("rewardModel").put("model", id);
    quality.write(entry);
    progress.line("reward model: " + quality.describe());
    quality.table().forEach(progress::line);
  }

  /**
   * What needs no model, trained on the same pairs.
   *
   * @param trained that the reward model was trained on
   * @param heldOut that it is measured on
   */
  void baselines(List<RewardPair> trained, List<RewardPair> heldOut) {
    RewardBagOfWords words = RewardBagOfWords.train(trained);
    RewardQuality quality = quality(heldOut, words);
    ObjectNode entry =
        report
            .putObject("bagOfWords")
            .put("features", words.featureCount())
            .put("penalty", words.penalty());
    quality.write(entry);
    progress.line("bag of words: " + quality.describe());
    double longer =
        heldOut.stream()
            .mapToDouble(pair -> Integer.signum(pair.chosen().length() - pair.rejected().length()))
            .map(sign -> (1 + sign) / 2)
            .average()
            .orElseThrow();
    report.putObject("longer").put("accuracy", longer);
    progress.line(String.format(Locale.ROOT, "the longer answer: %.2f %% right", 100 * longer));
  }

  private static RewardQuality quality(List<RewardPair> pairs, RewardBagOfWords words) {
    double[] margins = pairs.stream().mapToDouble(words::margin).toArray();
    return RewardQuality.of(margins, new double[margins.length]);
  }

  void write() {
    try {
      WholeFile.write(file, report.toPrettyString() + "\n");
    } catch (IOException e) {
      throw new CheckpointException(file + ": cannot be written: " + Reason.of(e), e);
    }
  }

  /** The accuracies of the baselines of a finished run. */
  static SortedMap<String, Double> baselines(Path output) {
    Path file = output.resolve(FILE);
    SortedMap<String, Double> found = new TreeMap<>();
    if (Files.exists(file)) {
      ObjectNode report = read(file);
      for (String name : BASELINES) {
        found.put(name + ".accuracy", report.path(name).path("accuracy").asDouble());
      }
    }
    return found;
  }

  private static ObjectNode read(Path file) {
    try {
      return JSON.readValue(file.toFile(), ObjectNode.class);
    } catch (IOException e) {
      throw new CheckpointException(file + ": cannot be read: " + Reason.of(e), e);
    }
  }
}
