package io.kanana.posttrain.miniature;

import io.kanana.posttrain.preference.MadePairs;
import io.kanana.posttrain.preference.PreferenceSource;
import java.util.OptionalLong;

/**
 * The questions of {@link MiniatureConversations} as pairs ({@code type: miniature-questions}): the
 * right answer against one to another question of its kind. No margin.
 *
 * @param first the index of the first one
 * @param questions how many; where it is absent, all from the first on
 * @param seed chooses their order
 */
public record MiniaturePairs(long first, OptionalLong questions, long seed)
    implements PreferenceSource.Config {
  public MiniaturePairs {
    MiniatureQuestions.check(first, questions);
  }

  @Override
  public PreferenceSource create() {
    MiniatureQuestions all = MiniatureQuestions.of(first, questions, seed);
    return new MadePairs(MiniatureQuestions.SOURCE, all.count(), all::pair);
  }
}
