package io.kanana.pretrain.prune;

import io.kanana.core.checkpoint.WholeFile;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.Reason;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.report.Plots;
import io.kanana.core.report.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * What a strategy considered, for people: {@code decision.md}, the best first, as in table 16 of
 * the Kanana report, and {@code decision.png}; neither where it considered nothing.
 */
record DecisionReport(List<PruningTask.Candidate> considered) {
  private static final String PLOT = "decision.png";

  DecisionReport {
    considered =
        considered.stream()
            .sorted(Comparator.comparingDouble(PruningTask.Candidate::score))
            .toList();
  }

  /** Writes both; the plot only where the machine can draw. */
  void write(Path directory) {
    Path file = directory.resolve("decision.md");
    try {
      Files.deleteIfExists(file);
      Files.deleteIfExists(directory.resolve(PLOT));
      if (considered.isEmpty()) {
        return;
      }
      boolean plotted = Plots.canDraw() && considered.stream().allMatch(this::isFinite);
      if (plotted) {
        Files.write(directory.resolve(PLOT), plot());
      }
      WholeFile.write(file, markdown(plotted));
    } catch (IOException e) {
      throw new CheckpointException(file + ": cannot be written: " + Reason.of(e), e);
    }
  }

  private boolean isFinite(PruningTask.Candidate candidate) {
    return Double.isFinite(candidate.score());
  }

  private String markdown(boolean plotted) {
    List<String> lines = new ArrayList<>(List.of("# Shapes that were considered", ""));
    lines.addAll(table().markdown());
    lines.addAll(List.of("", "The score is what the trial measured; less is better."));
    if (plotted) {
      lines.addAll(List.of("", "![score by size](" + PLOT + ")"));
    }
    return String.join("\n", lines) + "\n";
  }

  private Table table() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "layers",
            "hidden",
            "heads",
            "kv heads",
            "FFN",
            "parameters",
            "without embeddings",
            "score"));
    considered.forEach(candidate -> rows.add(row(candidate.shape(), candidate.score())));
    return new Table(0, rows);
  }

  private static List<String> row(ModelConfig shape, double score) {
    return List.of(
        Integer.toString(shape.layers()),
        Integer.toString(shape.hiddenSize()),
        Integer.toString(shape.heads()),
        Integer.toString(shape.kvHeads()),
        Integer.toString(shape.ffnSize()),
        String.format(Locale.ROOT, "%,d", shape.parameterCount()),
        String.format(Locale.ROOT, "%,d", shape.nonEmbeddingParameterCount()),
        String.format(Locale.ROOT, "%.4f", score));
  }

  private byte[] plot() {
    List<Plots.Point> points =
        considered.stream()
            .map(one -> new Plots.Point(one.shape().nonEmbeddingParameterCount(), one.score()))
            .toList();
    return Plots.points("parameters without embeddings", "score", points);
  }
}
