package io.kanana.pretrain.reshape;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.model.Llama;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.train.BatchSource;
import io.kanana.core.train.HeldOutLoss;
import io.kanana.core.train.HeldOutReport;
import java.util.Locale;
import java.util.Optional;

/**
 * A model in numbers, for reports.
 *
 * @param contextLength positions of a sequence that operations are counted for
 * @param heldOut its loss, if there is text to measure it on
 */
public record ModelFigures(ModelConfig shape, int contextLength, Optional<HeldOutReport> heldOut) {
  /** Measures a model on the first windows of one pass over held-out text. */
  public static ModelFigures measure(
      Llama model, BatchSource heldOut, int microBatch, long windows) {
    HeldOutReport report = new HeldOutLoss(heldOut, microBatch, windows).measure(model, 0);
    return new ModelFigures(model.config(), heldOut.contextLength(), Optional.of(report));
  }

  /** Adds the figures to a report. */
  public void write(ObjectNode into) {
    write(shape, into);
    into.put("trainingFlopsPerToken", shape.trainingFlopsPerToken(contextLength));
    heldOut.ifPresent(
        report ->
            into.put("heldOutLoss", report.loss())
                .put("bitsPerByte", report.bitsPerByte())
                .put("targets", report.targets()));
  }

  /** Adds a shape to a report. */
  public static void write(ModelConfig shape, ObjectNode into) {
    into.put("layers", shape.layers())
        .put("hiddenSize", shape.hiddenSize())
        .put("heads", shape.heads())
        .put("kvHeads", shape.kvHeads())
        .put("headDim", shape.headDim())
        .put("ffnSize", shape.ffnSize())
        .put("tiedEmbeddings", shape.tiedEmbeddings())
        .put("parameters", shape.parameterCount())
        .put("nonEmbeddingParameters", shape.nonEmbeddingParameterCount());
  }

  /** One line for people: {@code 32 layers, ..., 2,086,979,328 parameters, held-out loss 2.1}. */
  public String describe() {
    String loss =
        heldOut
            .map(
                report ->
                    String.format(
                        Locale.ROOT,
                        ", held-out loss %.4f, %.4f bits per byte",
                        report.loss(),
                        report.bitsPerByte()))
            .orElse("");
    return shape.describe() + loss;
  }
}
