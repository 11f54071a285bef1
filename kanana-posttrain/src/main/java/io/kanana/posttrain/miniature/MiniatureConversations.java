package io.kanana.posttrain.miniature;

import io.kanana.data.document.Quarantine;
import io.kanana.posttrain.conversation.ConversationSource;
import io.kanana.posttrain.conversation.MadeConversations;
import java.util.OptionalLong;

/**
 * Questions about the world of the miniature web with their answers ({@code type:
 * miniature-questions}), in Korean and English. Nothing is ever left out.
 *
 * @param first the index of the first one
 * @param questions how many; where it is absent, all from the first on
 * @param seed chooses their order
 */
public record MiniatureConversations(long first, OptionalLong questions, long seed)
    implements ConversationSource.Config {
  public MiniatureConversations {
    MiniatureQuestions.check(first, questions);
  }

  @Override
  public ConversationSource create() {
    MiniatureQuestions all = MiniatureQuestions.of(first, questions, seed);
    return (Quarantine _) ->
        new MadeConversations(MiniatureQuestions.SOURCE, all.count(), all::right);
  }
}
