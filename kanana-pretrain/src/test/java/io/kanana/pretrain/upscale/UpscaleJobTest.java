package io.kanana.pretrain.upscale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kanana.core.checkpoint.HuggingFaceConfig;
import io.kanana.core.checkpoint.Provenance;
import io.kanana.core.checkpoint.SafetensorsFile;
import io.kanana.core.checkpoint.StageCompute;
import io.kanana.core.checkpoint.TinyCheckpoint;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.ConfigException;
import io.kanana.core.job.Cancellation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpscaleJobTest {
  private static final String RECOVERY = "recovery.until={steps: 6}";

  @TempDir Path directory;

  private SmallUpscale small;

  @BeforeEach
  void place() throws IOException {
    Path parent = TinyCheckpoint.write(directory.resolve("parent"));
    small = new SmallUpscale(directory.resolve("small"), parent);
  }

  private JsonNode report() throws IOException {
    return new ObjectMapper().readTree(small.file("report.json").toFile());
  }

  @Test
  void theFirstLossOfAnIdentityIsTheParentsBitForBit() throws IOException {
    small.run("identity=true");
    assertThat(report().at("/child/layers").asInt()).isEqualTo(4);
    assertThat(report().at("/child/heldOutLoss").asDouble())
        .isEqualTo(report().at("/parent/heldOutLoss").asDouble());
    assertThat(new UpscaleJob().measurements(small.file("")))
        .containsEntry("held-out.loss", report().at("/child/heldOutLoss").asDouble());
  }

  @Test
  void copiesOfWorkingLayersChangeTheLossAndTrainingBringsItBack() throws IOException {
    List<String> told = small.run(RECOVERY);
    double parent = report().at("/parent/heldOutLoss").asDouble();
    assertThat(report().at("/child/heldOutLoss").asDouble()).isNotEqualTo(parent);
    JsonNode curve = report().at("/recovery/heldOut");
    assertThat(curve).extracting(point -> point.get("step").asLong()).containsExactly(2L, 4L, 6L);
    assertThat(curve.get(2).get("loss").asDouble()).isLessThan(parent);
    assertThat(report().at("/recovery/recoveredAtStep").asLong()).isPositive();
    assertThat(new UpscaleJob().measurements(small.file("")))
        .containsEntry("held-out.loss", curve.get(2).get("loss").asDouble());
    assertThat(told).last().asString().startsWith("recovery: held-out loss ");
    assertThat(HuggingFaceConfig.read(small.file("recovery/model/config.json")).model().layers())
        .isEqualTo(4);
  }

  /** A parent that was trained, so that there are moments to be copied. */
  private SmallUpscale trainedParent() throws IOException {
    small.run(RECOVERY);
    return new SmallUpscale(directory.resolve("next"), small.file("recovery/model"));
  }

  @Test
  void momentsAreCopiedOrNotAsAsked() throws IOException {
    SmallUpscale next = trainedParent();
    next.run("layers={ranges: [0-3, 2-3]}", "optimizer-state=copy", RECOVERY);
    try (SafetensorsFile before = moments(small.file("recovery/model"));
        SafetensorsFile after = moments(next.file("model"))) {
      String moment = "moment2.model.layers.%d.mlp.up_proj.weight";
      for (int[] pair : new int[][] {{0, 0}, {3, 3}, {2, 4}, {3, 5}}) {
        assertThat(after.tensor(moment.replace("%d", "" + pair[1])).floats())
            .isEqualTo(before.tensor(moment.replace("%d", "" + pair[0])).floats());
      }
    }
    // the seventh update in all: its bias corrections are those of the seventh
    assertThat(updates(next.file("recovery/model"))).isEqualTo(12);
    SmallUpscale reset = new SmallUpscale(directory.resolve("reset"), next.parent());
    reset.run("layers={ranges: [0-3, 2-3]}", RECOVERY);
    assertThat(reset.file("model/optimizer.safetensors")).doesNotExist();
    assertThat(updates(reset.file("recovery/model"))).isEqualTo(6);
  }

  private static SafetensorsFile moments(Path model) {
    return SafetensorsFile.open(model.resolve("optimizer.safetensors"));
  }

  private static long updates(Path model) throws IOException {
    return new ObjectMapper()
        .readTree(model.resolve("state.json").toFile())
        .at("/state/updates")
        .asLong();
  }

  @Test
  void momentsThatAreNotThereCannotBeCopied() {
    assertThatThrownBy(() -> small.run("optimizer-state=copy"))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("has no state.json, so there is no optimizer to be copied");
    assertThat(small.file("model")).doesNotExist();
  }

  @Test
  void theLedgerGoesOnFromTheParents() throws IOException {
    SmallUpscale next = trainedParent();
    next.run("layers={ranges: [0-3, 0-3]}", RECOVERY);
    Provenance first = Provenance.read(small.file("recovery/model/provenance.json"));
    Provenance second = Provenance.read(next.file("recovery/model/provenance.json"));
    assertThat(first.totalTokens()).isEqualTo(6 * 4 * 16);
    assertThat(second.totalTokens()).isEqualTo(2 * 6 * 4 * 16);
    assertThat(second.allStages())
        .extracting(StageCompute::parameters)
        .containsExactly(40_608L, 71_584L);
    assertThat(Provenance.read(next.file("model/provenance.json")).totalFlops())
        .isEqualTo(first.totalFlops());
  }

  @Test
  void stoppedAtEveryLineItEndsWithTheSameBytes() throws IOException {
    String[] settings = {"identity=true", RECOVERY};
    small.run(settings);
    SmallUpscale stopped = new SmallUpscale(directory.resolve("stopped"), small.parent());
    int stops = 0;
    while (!Files.exists(stopped.file("recovery/model"))) {
      assertThat(stops++).isLessThan(50);
      Cancellation cancellation = new Cancellation();
      stopped.run(line -> cancellation.request(), cancellation, settings);
    }
    assertThat(stops).isGreaterThan(5);
    stopped.run(settings);
    for (String name :
        List.of(
            "plan.yaml",
            "model/model.safetensors",
            "recovery/model/model.safetensors",
            "recovery/model/optimizer.safetensors")) {
      assertThat(stopped.file(name)).hasSameBinaryContentAs(small.file(name));
    }
    assertThat(new ObjectMapper().readTree(stopped.file("report.json").toFile()).get("recovery"))
        .isEqualTo(report().get("recovery"));
  }

  @Test
  void aPlanIsUsedAgain() throws IOException {
    small.run("layers={solar: 0}", "identity=true");
    SmallUpscale again = new SmallUpscale(directory.resolve("again"), small.parent());
    Path plan = small.file("plan.yaml");
    again.run("layers={plan: " + plan + "}", "data.documents=[]");
    assertThat(again.file("model/model.safetensors"))
        .hasSameBinaryContentAs(small.file("model/model.safetensors"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      value = {
        "layers={solar: 1}@layers.solar: must be from 0 and below half of the 2 layers, got 1",
        "layers={ranges: [0-2]}@layers.ranges: must lie in the parent's 0-1, got 0-2",
        "layers={ranges: ['1', '0']}@identity: must be false for layers 1, 0, which do not contain"
            + " the parent's 2 in their order; layer 1 is missing where it would come",
        "layers={plan: a.yaml}@identity: must be false with layers.plan, which says itself which"
            + " layers are silent"
      })
  void refusesWhatCannotBeDone(String assignment, String message) {
    assertThatThrownBy(() -> small.run("identity=true", assignment))
        .isInstanceOf(ConfigException.class)
        .hasMessage(message);
    assertThat(small.file("plan.yaml")).doesNotExist();
  }

  @Test
  void trainingNeedsText() {
    assertThatThrownBy(() -> small.run("data.documents=[]", RECOVERY))
        .hasMessage(
            "data: must name documents or tokens to train on, since recovery.until is given");
  }
}
