package io.kanana.posttrain.merge;

import java.util.List;
import java.util.Optional;

/**
 * One tensor as every model of a merge has it, all of the same size.
 *
 * @param name the weight: {@code model.layers.0.mlp.up_proj.weight}
 * @param models in the order of the plan
 * @param base there where the plan names a base
 */
public record ParentTensors(String name, List<Elements> models, Optional<Elements> base) {
  public ParentTensors {
    models = List.copyOf(models);
  }

  /** How many elements the tensor has. */
  public long size() {
    return models.getFirst().size();
  }
}
