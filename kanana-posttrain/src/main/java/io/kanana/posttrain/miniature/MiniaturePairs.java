package io.kanana.posttrain.miniature;

import io.kanana.core.config.Check;
import io.kanana.posttrain.preference.MadePairs;
import io.kanana.posttrain.preference.PreferenceSource;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;

/**
 * The questions of {@link MiniatureConversations} as pairs ({@code type: miniature-questions}): the
 * right answer against one with a fault, every question once with each of the faults. No margin.
 *
 * @param first the index of the first one
 * @param questions how many; where it is absent, all from the first on
 * @param seed chooses their order
 * @param faults those of the rejected answers: at least one, none twice
 */
public record MiniaturePairs(long first, OptionalLong questions, long seed, List<Fault> faults)
    implements PreferenceSource.Config {
  public MiniaturePairs {
    MiniatureQuestions.check(first, questions);
    faults = List.copyOf(faults);
    Check.that(!faults.isEmpty(), "faults", "must name at least one, such as fact");
    Check.that(
        new HashSet<>(faults).size() == faults.size(),
        "faults",
        "must not name a fault twice, got %s",
        faults);
  }

  @Override
  public PreferenceSource create() {
    MiniatureQuestions all = MiniatureQuestions.of(first, questions, seed);
    int each = faults.size();
    return new MadePairs(
        MiniatureQuestions.SOURCE,
        all.count() * each,
        index -> all.pair(index / each, faults.get(Math.toIntExact(index % each))));
  }
}
