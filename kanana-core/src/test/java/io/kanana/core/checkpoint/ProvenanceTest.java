package io.kanana.core.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.checkpoint.Provenance.Parent;
import io.kanana.core.error.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProvenanceTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  @TempDir Path directory;

  private static Provenance made(String job, List<Provenance> parents, StageCompute... stages) {
    return new Provenance(
        job,
        NOW,
        "job: " + job + "\n",
        parents.stream().map(parent -> new Parent("0".repeat(64), parent.job())).toList(),
        List.of(stages),
        Provenance.ancestry(parents),
        new TreeMap<>(Map.of("kanana", "0.1.0", "java", "25")));
  }

  private static StageCompute stage(String run, long tokens, double flops) {
    return new StageCompute(run, "stage-1", tokens, 1_000, flops, flops / 10);
  }

  @Test
  void anAncestorReachedOverTwoParentsCountsOnce() {
    Provenance base = made("pretrain", List.of(), stage("base", 100, 1_000));
    Provenance left = made("sft", List.of(base), stage("left", 10, 100));
    Provenance right = made("dpo", List.of(base), stage("right", 20, 200));
    Provenance merged = made("merge", List.of(left, right));
    assertThat(merged.totalFlops()).isEqualTo(1_300);
    assertThat(merged.totalTokens()).isEqualTo(130);
    assertThat(merged.totalSixNdFlops()).isEqualTo(6.0 * 1_000 * 130);
    assertThat(merged.totalSeconds()).isEqualTo(130);
    assertThat(merged.stages()).isEmpty();
  }

  @Test
  void ofTwoCheckpointsOfOneRunTheLaterCounts() {
    Provenance early = made("pretrain", List.of(), stage("run", 50, 500));
    Provenance late = made("pretrain", List.of(), stage("run", 100, 1_000));
    assertThat(made("merge", List.of(late, early)).totalFlops()).isEqualTo(1_000);
    assertThat(made("merge", List.of(early, late)).totalTokens()).isEqualTo(100);
  }

  @Test
  void comesBackFromItsFile() throws IOException {
    Provenance base = made("pretrain", List.of(), stage("base", 100, 1e21 / 3));
    Provenance child = made("distill", List.of(base), stage("child", 7, 0.5));
    Path file = Files.write(directory.resolve(Provenance.FILE), child.toJson());
    assertThat(Provenance.read(file)).isEqualTo(child);
    assertThat(Files.readString(file)).contains("\"total\"", "\"achievedFlopsPerSecond\" : 10.0");
  }

  @Test
  void aMalformedFileIsRefused() throws IOException {
    Path file = Files.writeString(directory.resolve("p.json"), "{\"version\": 2}");
    assertThatThrownBy(() -> Provenance.read(file))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("newer kanana");
  }

  @Test
  void aRunIsItsJobConfigurationAndBeginning() {
    String run = Provenance.runId("pretrain", "a: 1", NOW);
    assertThat(run).hasSize(16).isEqualTo(Provenance.runId("pretrain", "a: 1", NOW));
    assertThat(run).isNotEqualTo(Provenance.runId("pretrain", "a: 1", NOW.plusSeconds(1)));
  }
}
