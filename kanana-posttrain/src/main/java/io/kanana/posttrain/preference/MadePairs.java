package io.kanana.posttrain.preference;

import io.kanana.data.document.Quarantine;
import io.kanana.data.document.RejectedRecord;
import io.kanana.posttrain.conversation.BadConversationException;
import java.util.function.LongFunction;

/**
 * Pairs that are made while they are read.
 *
 * @param source stands where others have the name of a file
 * @param count how many
 * @param maker makes that of an index, from 0
 */
public record MadePairs(String source, long count, LongFunction<PreferencePair> maker)
    implements PreferenceSource {
  @Override
  public void read(Quarantine quarantine, Taker taker) {
    for (long i = 0; i < count; i++) {
      try {
        taker.take(maker.apply(i));
      } catch (BadConversationException e) {
        quarantine.reject(new RejectedRecord(source, i + 1, e.reason(), e.detail()));
      }
    }
  }
}
