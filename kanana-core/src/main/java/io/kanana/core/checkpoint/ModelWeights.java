package io.kanana.core.checkpoint;

import io.kanana.core.autograd.Parameter;
import io.kanana.core.autograd.Parameter.Part;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.model.Llama;
import io.kanana.core.model.Precision;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Tensors between a back end's memory and disk, under the names that Hugging Face gives them. */
public final class ModelWeights {
  private ModelWeights() {}

  /** A stored model without gradients; the caller closes it. */
  public static Llama load(HuggingFaceModel stored, Precision precision, TensorBackend backend) {
    Llama model =
        switch (stored.config().head()) {
          case TOKENS -> Llama.frozen(stored.config().model(), precision, backend);
          case SCORE -> Llama.scoring(stored.config().model(), precision, backend, false);
        };
    try {
      read(stored.tensors(), model);
      return model;
    } catch (RuntimeException | Error e) {
      model.close();
      throw e;
    }
  }

  /**
   * Fills a model from tensors that {@link HuggingFaceModel#open} found to be those of its shape;
   * adapters stay as they are.
   *
   * @throws CheckpointException naming a tensor that is missing or of another shape
   */
  public static void read(StoredTensors source, Llama model) {
    model.weights().forEach(parameter -> read(source, parameter, model.backend()));
    model.refreshCopies();
  }

  /** Fills tensors by name, such as an optimizer's. */
  public static void read(
      StoredTensors source, Map<String, Tensor> tensors, TensorBackend backend) {
    tensors.forEach((name, tensor) -> read(source, name, backend, tensor));
  }

  /**
   * Fills a reward model from a language model of its shape: everything but the head, which stays
   * as it is.
   *
   * @throws CheckpointException naming a tensor that is missing or of another shape
   */
  public static void readBody(StoredTensors source, Llama reward) {
    for (Parameter parameter : reward.weights()) {
      if (parameter != reward.scoreHead()) {
        read(source, parameter, reward.backend());
      }
    }
    reward.refreshCopies();
  }

  private static void read(StoredTensors source, Parameter parameter, TensorBackend backend) {
    for (Part part : parameter.parts()) {
      read(source, part.name(), backend, parameter.view(part, parameter.value()));
    }
  }

  private static void read(
      StoredTensors source, String name, TensorBackend backend, Tensor target) {
    if (!source.names().contains(name)) {
      throw new CheckpointException("the checkpoint lacks tensor " + name);
    }
    StoredTensor stored = source.tensor(name);
    List<Long> shape = Arrays.stream(target.shape()).asLongStream().boxed().toList();
    if (!stored.spec().shape().equals(shape)) {
      throw new CheckpointException(
          String.format(
              Locale.ROOT,
              "tensor %s has shape %s, but the configuration needs %s",
              name,
              stored.spec().shape(),
              shape));
    }
    backend.write(stored.floats(), target);
  }

  /** A model's weights in F32, without its adapters. */
  public static List<TensorContent> of(Llama model) {
    List<TensorContent> contents = new ArrayList<>();
    for (Parameter parameter : model.weights()) {
      for (Part part : parameter.parts()) {
        Tensor view = parameter.view(part, parameter.value());
        contents.add(of(part.name(), view, model.backend()));
      }
    }
    return contents;
  }

  /** Named tensors in F32. */
  public static List<TensorContent> of(Map<String, Tensor> tensors, TensorBackend backend) {
    return tensors.entrySet().stream()
        .map(entry -> of(entry.getKey(), entry.getValue(), backend))
        .toList();
  }

  private static TensorContent of(String name, Tensor tensor, TensorBackend backend) {
    long[] shape = Arrays.stream(tensor.shape()).asLongStream().toArray();
    return TensorContent.of(
        TensorSpec.of(name, StoredType.F32, shape), () -> backend.floats(tensor));
  }
}
