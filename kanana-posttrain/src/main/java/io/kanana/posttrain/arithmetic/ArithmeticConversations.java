package io.kanana.posttrain.arithmetic;

import io.kanana.data.document.Quarantine;
import io.kanana.posttrain.conversation.ConversationSource;
import io.kanana.posttrain.conversation.MadeConversations;
import java.util.List;

/**
 * Sums as conversations ({@code type: arithmetic}): a question in Korean or English, and an answer
 * that works it out in a line and ends in {@code #### } and the result. Made while they are read;
 * nothing is ever left out.
 *
 * @param operations that take turns
 * @param digits the most digits of the numbers that a sum is made from, 1 to 6; a sum to subtract
 *     from or a product to divide may have more
 * @param questions how many
 * @param first the index of the first one: sources of the same operations, digits and seed have no
 *     sum in common where their stretches do not overlap
 * @param koreanShare the share of questions in Korean, 0 to 1
 * @param seed chooses which sums come in which order
 */
public record ArithmeticConversations(
    List<Operation> operations,
    int digits,
    long questions,
    long first,
    double koreanShare,
    long seed)
    implements ConversationSource.Config {
  public ArithmeticConversations {
    operations = List.copyOf(operations);
    ArithmeticQuestions.check(operations, digits, first, questions, koreanShare);
  }

  @Override
  public ConversationSource create() {
    ArithmeticQuestions all = new ArithmeticQuestions(operations, digits, koreanShare, seed);
    return (Quarantine _) ->
        new MadeConversations(
            ArithmeticQuestions.SOURCE, questions, i -> all.at(first + i).rightExchange());
  }
}
