package io.kanana.posttrain.merge;

/**
 * Makes one tensor of the same tensor of several models: the section {@code method} of the job
 * {@code merge}. A pure function; what is random about it comes from the plan's key.
 */
public interface MergeMethod {
  /** A method's settings. */
  interface Config {
    /**
     * The method for a plan.
     *
     * @throws io.kanana.core.error.ConfigException if the plan lacks what the method needs, or says
     *     what the method would leave aside
     */
    MergeMethod create(MergePlan plan);
  }

  /**
   * The merged tensor. It may look through the parents as often as it likes before it gives an
   * element; none of them is to be kept whole in memory.
   */
  Elements merge(ParentTensors parents);
}
