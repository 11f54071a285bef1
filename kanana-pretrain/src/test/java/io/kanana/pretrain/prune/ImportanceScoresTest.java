package io.kanana.pretrain.prune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.checkpoint.ArtefactWriter;
import io.kanana.core.checkpoint.SafetensorsWriter;
import io.kanana.core.checkpoint.StoredType;
import io.kanana.core.checkpoint.TensorContent;
import io.kanana.core.checkpoint.TensorSpec;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.NumericalException;
import io.kanana.core.model.Axis;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportanceScoresTest {
  private static final AxisScores HEADS =
      new AxisScores(Axis.HEADS, LayerAggregation.NONE, new double[][] {{3, 1 / 3.0}, {4, 5}});
  private static final AxisScores LAYERS =
      new AxisScores(Axis.LAYERS, LayerAggregation.SUM, new double[][] {{0.1, 0.7}});

  @TempDir Path directory;

  @Test
  void everyBitIsReadAgain() {
    try (ArtefactWriter artefact =
        ArtefactWriter.create(directory.resolve("importance"), "importance", List.of())) {
      new ImportanceScores(List.of(HEADS, LAYERS)).write(artefact);
      Artefact written = artefact.commit();
      ImportanceScores read = ImportanceScores.read(written.file(ImportanceScores.FILE));
      assertThat(read.axes()).containsExactly(Axis.LAYERS, Axis.HEADS);
      assertThat(read.get(Axis.HEADS).rows()).isDeepEqualTo(HEADS.rows());
      assertThat(read.get(Axis.HEADS).across()).isEqualTo(LayerAggregation.NONE);
      assertThat(read.get(Axis.LAYERS).rows()).isDeepEqualTo(LAYERS.rows());
    }
  }

  @Test
  void layersComeTogetherInFourWays() {
    double[][] rows = {{3, 1}, {4, 5}};
    assertThat(overall(LayerAggregation.SUM, rows)).containsExactly(7, 6);
    assertThat(overall(LayerAggregation.L2, rows)).containsExactly(5, Math.sqrt(26));
    assertThat(overall(LayerAggregation.VARIANCE, rows)).containsExactly(0.25, 4);
    assertThat(overall(LayerAggregation.NONE, rows)).containsExactly(7, 6);
    AxisScores own = new AxisScores(Axis.NEURONS, LayerAggregation.NONE, rows);
    assertThat(own.of(1)).containsExactly(4, 5);
  }

  private static double[] overall(LayerAggregation across, double[][] rows) {
    return new AxisScores(Axis.NEURONS, across, rows).overall();
  }

  @Test
  void whatRanksNothingIsRefused() {
    assertThatThrownBy(
            () ->
                new AxisScores(
                    Axis.NEURONS, LayerAggregation.SUM, new double[][] {{1, 2, Double.NaN}}))
        .isInstanceOf(NumericalException.class)
        .hasMessageStartingWith("the importance of neurons 2 in row 0 is NaN");
    assertThatThrownBy(() -> new ImportanceScores(List.of(HEADS, HEADS)))
        .isInstanceOf(ConfigException.class)
        .hasMessage("importance: two estimators score heads; leave one out");
    assertThatThrownBy(
            () -> new AxisScores(Axis.CHANNELS, LayerAggregation.NONE, new double[][] {{1}}))
        .isInstanceOf(ConfigException.class)
        .hasMessage("layers: must not be none for channels, which all layers share");
  }

  @Test
  void anotherFileIsRefused() throws IOException {
    Path file = directory.resolve("x.safetensors");
    TensorContent tensor =
        TensorContent.of(TensorSpec.of("weight", StoredType.F32, 1), () -> new float[1]);
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      SafetensorsWriter.write(List.of(tensor), Map.of(), out);
    }
    assertThatThrownBy(() -> ImportanceScores.read(file))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(file + ": holds \"weight\", which is no importance; estimate it anew");
  }
}
