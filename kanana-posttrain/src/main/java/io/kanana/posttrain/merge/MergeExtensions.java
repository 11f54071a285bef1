package io.kanana.posttrain.merge;

import io.kanana.core.extension.Extension;
import io.kanana.core.extension.ExtensionProvider;
import java.util.List;

/** Methods of merging. */
public final class MergeExtensions implements ExtensionProvider {
  @Override
  public List<Extension<?>> extensions() {
    return List.of(
        method("linear", Linear.class, "The weighted mean of the models.", "normalize: true"),
        method("slerp", Slerp.class, "Along the arc from one model to another.", "t: 0.5"),
        method(
            "task-arithmetic",
            TaskArithmetic.class,
            "The base and the weighted sum of what each model learned since.",
            "{lambda: 1.0, normalize: false}"),
        method(
            "ties",
            Ties.class,
            "The largest of what each model learned, where they agree on a sign.",
            "{lambda: 1.0, normalize: true}"),
        method(
            "dare-linear",
            DareLinear.class,
            "A random part of what each model learned, scaled up, and its weighted sum.",
            "{lambda: 1.0, normalize: false, rescale: true}"),
        method(
            "dare-ties",
            DareTies.class,
            "A random part of what each model learned, scaled up, where they agree on a sign.",
            "{lambda: 1.0, normalize: false, rescale: true}"));
  }

  private static Extension<MergeMethod.Config> method(
      String name, Class<? extends MergeMethod.Config> config, String summary, String defaults) {
    return new Extension<>(MergeMethod.Config.class, name, config, summary, defaults);
  }
}
