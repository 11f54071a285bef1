package io.kanana.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.kanana.core.job.Cancellation;
import io.kanana.core.job.Jobs;
import io.kanana.core.job.Progress;
import io.kanana.core.tensor.TensorBackends;
import io.kanana.data.shard.ShardSet;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job {@code pretrain} on the miniature web, within this JVM. */
class MiniatureWebRunTest {
  @TempDir Path directory;

  private TinyRun train(String name, String... assignments) throws IOException {
    TinyRun run = TinyRun.in(directory.resolve(name));
    List<String> all = new ArrayList<>(List.of(assignments));
    all.add("output=" + run.output());
    all.add("checkpoint.every.steps=1000");
    Jobs.load(getClass().getClassLoader())
        .configure(directory.resolve(name).resolve("tiny.yaml"), all)
        .run(false, Progress.SILENT, Clock.systemUTC(), new Cancellation());
    return run;
  }

  @Test
  void beatsWhatCountsOfTokensCanKnow() throws IOException {
    TinyRun run =
        train(
            "learns",
            "data.documents[0].documents=1000",
            "train.until.steps=150",
            "train.tokens-per-step=512",
            "train.micro-batch=8",
            "evaluate.every.steps=150",
            "evaluate.tokens=1000000");
    double unigram = unigramLoss(run.file("tokens/train"), run.file("tokens/held-out"));
    assertThat(heldOutLoss(run)).isLessThan(unigram - 0.5);
  }

  private static double heldOutLoss(TinyRun run) throws IOException {
    return run.metrics().stream()
        .filter(line -> line.get("event").asText().equals("held-out"))
        .reduce((_, last) -> last)
        .orElseThrow()
        .get("loss")
        .asDouble();
  }

  /** Nats per held-out token but the first of a document, from smoothed counts of the others. */
  private static double unigramLoss(Path train, Path heldOut) {
    try (ShardSet seen = ShardSet.open(train);
        ShardSet unseen = ShardSet.open(heldOut)) {
      long[] counts = counts(seen);
      long total = Arrays.stream(counts).sum() + counts.length;
      long[] targets = counts(unseen);
      double loss = 0;
      for (int id = 0; id < targets.length; id++) {
        loss -= targets[id] * Math.log((counts[id] + 1.0) / total);
      }
      return loss / Arrays.stream(targets).sum();
    }
  }

  private static long[] counts(ShardSet shards) {
    long[] counts = new long[shards.manifest().vocabularySize()];
    int[] ids = new int[Math.toIntExact(shards.tokens())];
    shards.read(0, ids, 0, ids.length);
    for (long document = 0; document < shards.documents(); document++) {
      ShardSet.Extent extent = shards.extent(document);
      for (long token = extent.start() + 1; token < extent.end(); token++) {
        counts[ids[(int) token]]++;
      }
    }
    return counts;
  }

  @Test
  void trainsOnNd4jAsOnCpu() throws IOException {
    assumeTrue(
        TensorBackends.providers().stream()
            .anyMatch(p -> p.name().equals("nd4j") && p.obstacle().isEmpty()),
        "there is no back end nd4j here");
    double[] cpu = losses(train("cpu", "train.until.steps=3"));
    double[] nd4j = losses(train("nd4j", "train.until.steps=3", "compute.backend=nd4j"));
    assertThat(nd4j).hasSize(3).containsExactly(cpu, offset(1e-3));
  }

  private static double[] losses(TinyRun run) throws IOException {
    return run.metrics().stream()
        .filter(line -> line.get("event").asText().equals("step"))
        .map(line -> line.get("loss"))
        .mapToDouble(JsonNode::asDouble)
        .toArray();
  }
}
