package io.kanana.eval.task;

import io.kanana.eval.request.Context;
import io.kanana.eval.request.Message;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a run wants its questions.
 *
 * @param limit the most questions of each task; the first ones
 * @param shots examples before each question, instead of the task's own number
 * @param seed of the draws of examples
 * @param chat how conversations are written; empty for plain text
 */
public record PromptSettings(OptionalInt limit, OptionalInt shots, long seed, Optional<Chat> chat) {
  /** The seed of lm-evaluation-harness. */
  public static final long USUAL_SEED = 1234;

  /**
   * Prompts as conversations.
   *
   * @param system an instruction that stands before the task's description
   * @param multiturn whether each example is a question and an answer of its own, rather than part
   *     of one question
   */
  public record Chat(Writer writer, Optional<String> system, boolean multiturn) {}

  /** Makes a prompt of a conversation. */
  public interface Writer {
    /**
     * @param answerBegun whether the last message is the beginning of the answer
     */
    Context write(List<Message> messages, boolean answerBegun);
  }

  /** Every question as the task has it, in plain text. */
  public static PromptSettings plain() {
    return new PromptSettings(
        OptionalInt.empty(), OptionalInt.empty(), USUAL_SEED, Optional.empty());
  }

  /** The same with another limit. */
  public PromptSettings withLimit(int most) {
    return new PromptSettings(OptionalInt.of(most), shots, seed, chat);
  }

  /** The same in conversations. */
  public PromptSettings withChat(Chat conversations) {
    return new PromptSettings(limit, shots, seed, Optional.of(conversations));
  }
}
