package io.kanana.data.filter.run;

import io.kanana.data.filter.CorpusFilter;
import java.util.ArrayList;
import java.util.List;

/**
 * The steps between two barriers: a {@link CorpusFilter} can judge no document before all have been
 * sketched.
 *
 * @param number from 0
 * @param first the first of its steps; a corpus filter in every stage but the first one, where the
 *     decision was made at the end of the stage before
 * @param end one beyond its last step; where there is such a step, it is a corpus filter, whose
 *     sketches this stage makes
 */
public record Stage(int number, int first, int end) {
  /** The stages of a cascade. */
  static List<Stage> of(List<NamedStep> steps) {
    List<Stage> stages = new ArrayList<>();
    int first = 0;
    for (int i = 0; i < steps.size(); i++) {
      if (steps.get(i).step() instanceof CorpusFilter) {
        stages.add(new Stage(stages.size(), first, i));
        first = i;
      }
    }
    stages.add(new Stage(stages.size(), first, steps.size()));
    return stages;
  }
}
