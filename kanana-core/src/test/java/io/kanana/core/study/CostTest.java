package io.kanana.core.study;

import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.core.checkpoint.ArtefactWriter;
import io.kanana.core.checkpoint.Provenance;
import io.kanana.core.checkpoint.StageCompute;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CostTest {
  private static final StageCompute BASE = new StageCompute("r1", "train", 100, 10, 6000, 2);
  private static final StageCompute EARLIER = new StageCompute("r2", "train", 20, 10, 1200, 1);
  private static final StageCompute TUNED = new StageCompute("r2", "train", 50, 10, 3000, 3);

  @TempDir Path directory;

  private void artefact(String path, List<StageCompute> own, List<StageCompute> ancestors)
      throws Exception {
    Path target = directory.resolve(path);
    Files.createDirectories(target.getParent());
    Provenance provenance =
        new Provenance(
            "job", Instant.EPOCH, "", List.of(), own, ancestors, Collections.emptySortedMap());
    try (ArtefactWriter writer = ArtefactWriter.create(target, "checkpoint", List.of())) {
      writer.write(Provenance.FILE, provenance.toJson());
      writer.commit();
    }
  }

  @Test
  void everyStageCountsOnceWhereverItIsFound() throws Exception {
    artefact("base/model", List.of(BASE), List.of());
    artefact("tuned/checkpoints/step-1", List.of(EARLIER), List.of(BASE));
    artefact("tuned/model", List.of(TUNED), List.of(BASE));
    List<Path> both = List.of(directory.resolve("base"), directory.resolve("tuned"));
    assertThat(Cost.of(both)).isEqualTo(new Cost(150, 9000, 5));
    assertThat(Cost.of(both.subList(1, 2))).isEqualTo(new Cost(150, 9000, 5));
    assertThat(Cost.of(both.subList(0, 1))).isEqualTo(new Cost(100, 6000, 2));
  }

  @Test
  void jobsThatTrainNothingCostNothing() throws Exception {
    Files.createDirectories(directory.resolve("filter/kept"));
    Files.writeString(directory.resolve("filter/kept/provenance.json"), "not of an artefact");
    assertThat(Cost.of(List.of(directory))).isEqualTo(new Cost(0, 0, 0));
  }
}
