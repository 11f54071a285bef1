package io.kanana.posttrain.miniature;

import io.kanana.data.document.Quarantine;
import io.kanana.data.document.RejectedRecord;
import io.kanana.posttrain.conversation.BadConversationException;
import io.kanana.posttrain.preference.PreferencePair;
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
    return (quarantine, taker) -> read(all, quarantine, taker);
  }

  private static void read(
      MiniatureQuestions all, Quarantine quarantine, PreferenceSource.Taker taker) {
    for (long i = 0; i < all.count(); i++) {
      try {
        taker.take(new PreferencePair(all.right(i), all.wrong(i), 0));
      } catch (BadConversationException e) {
        quarantine.reject(
            new RejectedRecord(MiniatureQuestions.SOURCE, i + 1, e.reason(), e.detail()));
      }
    }
  }
}
