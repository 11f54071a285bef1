package io.kanana.posttrain.preference;

import io.kanana.core.config.Check;
import io.kanana.core.error.DataException;
import io.kanana.data.document.QuarantineLog;
import io.kanana.data.shard.HeldOut;
import io.kanana.posttrain.SampleAnswers.Prompt;
import io.kanana.posttrain.conversation.BadConversationException;
import io.kanana.posttrain.conversation.BuiltInTemplate;
import io.kanana.posttrain.conversation.ChatFormat;
import io.kanana.posttrain.conversation.Conversation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * All pairs of a run in memory: 4 bytes a token. Whether a pair is held out follows from a digest
 * of its prompt, so that all pairs of a prompt are on one side whatever else is read.
 *
 * @param train in the order in which they were read
 * @param heldOutPrompts one of each held-out pair
 * @param turnEnds ids that end the answers
 */
public record PairData(
    List<PairTokens> train,
    List<PairTokens> heldOut,
    List<Prompt> heldOutPrompts,
    Set<Integer> turnEnds) {
  /**
   * @param pairs where they are read from
   * @param template takes the place of the model's own chat template; needed where it has none
   * @param heldOutShare of the prompts, never trained on
   * @param contextLength positions of a row, which holds both answers of a pair, each with the
   *     prompt: at most twice the model's context, which it is once where it is absent. A longer
   *     pair is left out, and one of whose answers is longer than the context
   */
  public record Config(
      List<PreferenceSource.Config> pairs,
      Optional<BuiltInTemplate> template,
      double heldOutShare,
      OptionalInt contextLength) {
    public Config {
      Check.that(!pairs.isEmpty(), "pairs", "must name at least one source");
      Check.that(
          heldOutShare > 0 && heldOutShare < 1,
          "held-out-share",
          "must be above 0 and below 1, got %s",
          heldOutShare);
      Check.that(
          contextLength.orElse(8) >= 8,
          "context-length",
          "must be at least 8, got %s",
          contextLength.orElse(0));
    }
  }

  /**
   * Reads and tokenizes.
   *
   * @param quarantine is told of pairs that are left out
   * @throws DataException if nothing is left to train on, or nothing to measure on
   */
  public static PairData read(
      Config config, ChatFormat format, PairLimits limits, QuarantineLog quarantine) {
    Reading reading = new Reading(format, limits, config.heldOutShare());
    config.pairs().forEach(source -> source.create().read(quarantine, reading::add));
    requireSome(reading.train, "to train on", quarantine);
    requireSome(reading.heldOut, "held out", quarantine);
    return new PairData(
        List.copyOf(reading.train),
        List.copyOf(reading.heldOut),
        List.copyOf(reading.prompts),
        reading.turnEnds);
  }

  /**
   * Refuses what cannot be trained on, and says why nothing is left.
   *
   * @throws DataException if there are no pairs
   */
  static void requireSome(List<?> pairs, String what, QuarantineLog quarantine) {
    if (pairs.isEmpty()) {
      List<String> reasons = quarantine.describe();
      throw new DataException(
          String.format(
              Locale.ROOT,
              "of the sources in data.pairs no pair is left %s%s; give more pairs or another held-out-share",
              what,
              reasons.isEmpty() ? "" : " (" + String.join("; ", reasons) + ")"));
    }
  }

  private static final class Reading {
    private final ChatFormat format;
    private final PairLimits limits;
    private final HeldOut side;
    private final List<PairTokens> train = new ArrayList<>();
    private final List<PairTokens> heldOut = new ArrayList<>();
    private final List<Prompt> prompts = new ArrayList<>();
    private final Set<Integer> turnEnds = new TreeSet<>();

    Reading(ChatFormat format, PairLimits limits, double heldOutShare) {
      this.format = format;
      this.limits = limits;
      this.side = new HeldOut(heldOutShare);
    }

    void add(PreferencePair pair) throws BadConversationException {
      PairTokens tokens =
          new PairTokens(answer(pair.chosen()), answer(pair.rejected()), pair.margin())
              .usable(limits);
      if (side.contains(pair.chosen().question())) {
        heldOut.add(tokens);
        prompts.add(prompt(pair, tokens.chosen()));
      } else {
        train.add(tokens);
      }
    }

    private AnswerTokens answer(Conversation conversation) throws BadConversationException {
      AnswerTokens answer = AnswerTokens.of(format.tokens(conversation));
      turnEnds.add(answer.ids()[answer.length() - 1]);
      return answer;
    }

    private static Prompt prompt(PreferencePair pair, AnswerTokens answer) {
      return new Prompt(
          pair.prompt().getLast().content(), Arrays.copyOf(answer.ids(), answer.answered()));
    }
  }
}
