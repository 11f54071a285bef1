package io.kanana.posttrain.preference;

import io.kanana.core.config.Check;
import io.kanana.core.random.RandomKey;
import io.kanana.data.document.FileRecords;
import io.kanana.data.document.FileRecords.FileRecord;
import io.kanana.data.document.FilesConfig;
import io.kanana.data.document.Quarantine;
import io.kanana.data.document.RejectedRecord;
import io.kanana.data.shard.HeldOut;
import io.kanana.posttrain.conversation.BadConversationException;
import io.kanana.posttrain.conversation.Conversation;
import io.kanana.posttrain.conversation.Message;
import io.kanana.posttrain.conversation.Origin;
import io.kanana.posttrain.conversation.Role;
import io.kanana.posttrain.preference.RewardPairs.Taker;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Pairs of a higher and a lower rated text ({@code type: rated}), such as film reviews with their
 * stars. For each text partners are drawn whose rating differs enough. Which texts are held out, a
 * digest of each says, and the partners of a text are those of its own side: no text is on both.
 *
 * @param files paths or globs of JSON lines or Parquet tables
 * @param textField the field with the text
 * @param ratingField the field with the rating, a number; higher is better
 * @param prompt what the user asked for, the same of all texts; where it is absent the texts stand
 *     for themselves, and no chat template is needed
 * @param pairsPerText partners that are drawn for each text
 * @param leastGap the least difference of ratings
 * @param marginPerPoint the margin for each point of difference
 */
public record RewardRatedTexts(
    List<String> files,
    String textField,
    String ratingField,
    Optional<String> prompt,
    int pairsPerText,
    double leastGap,
    double marginPerPoint)
    implements RewardPairs.Config {
  /** After so many draws a text is taken to have no partner. */
  private static final int DRAWS = 64;

  public RewardRatedTexts {
    files = List.copyOf(files);
    Check.that(!files.isEmpty(), "files", "must name at least one file");
    Check.that(pairsPerText > 0, "pairs-per-text", "must be at least 1, got %s", pairsPerText);
    Check.that(leastGap > 0, "least-gap", "must be > 0, got %s", leastGap);
    Check.that(
        marginPerPoint >= 0 && marginPerPoint < Double.POSITIVE_INFINITY,
        "margin-per-point",
        "must be a number of at least 0, got %s",
        marginPerPoint);
  }

  /** A text and where its record stands. */
  private record Rated(String file, long line, String text, double rating) {
    RejectedRecord rejected(BadConversationException e) {
      return new RejectedRecord(file, line, e.reason(), e.detail());
    }
  }

  @Override
  public RewardPairs create() {
    return this::read;
  }

  private void read(RandomKey key, HeldOut heldOut, Quarantine quarantine, Taker taker) {
    List<Rated> trained = new ArrayList<>();
    List<Rated> measured = new ArrayList<>();
    for (String path : files) {
      for (Rated rated : rated(path, quarantine)) {
        (heldOut.contains(rated.text) ? measured : trained).add(rated);
      }
    }
    draw(trained, key.child("train"), false, quarantine, taker);
    draw(measured, key.child("held-out"), true, quarantine, taker);
  }

  private List<Rated> rated(String path, Quarantine quarantine) {
    FilesConfig config =
        FilesConfig.of(
            path,
            FilesConfig.Format.AUTO,
            textField,
            FilesConfig.Split.NONE,
            FilesConfig.OnCorruptFile.STOP,
            FilesConfig.DEFAULT_MAX_RECORD_BYTES);
    List<Rated> found = new ArrayList<>();
    try (FileRecords.Pass records = new FileRecords(config).open(quarantine)) {
      for (FileRecord record = records.next(); record != null; record = records.next()) {
        try {
          found.add(rated(record));
        } catch (BadConversationException e) {
          quarantine.reject(record.rejected(e.reason(), e.detail()));
        }
      }
    }
    return found;
  }

  private Rated rated(FileRecord record) throws BadConversationException {
    Object text = record.fields().get(textField);
    if (!(text instanceof String words) || words.isBlank()) {
      throw new BadConversationException("no-text", textField + " is " + text);
    }
    Object rating = record.fields().get(ratingField);
    if (!(rating instanceof Number number) || !Double.isFinite(number.doubleValue())) {
      throw new BadConversationException("no-rating", ratingField + " is " + rating);
    }
    return new Rated(record.file(), record.line(), words, number.doubleValue());
  }

  private void draw(
      List<Rated> texts, RandomKey key, boolean heldOut, Quarantine quarantine, Taker taker) {
    for (int i = 0; i < texts.size(); i++) {
      Rated one = texts.get(i);
      for (int k = 0; k < pairsPerText; k++) {
        try {
          taker.take(pair(one, partner(one, texts, key.child(i).child(k)), heldOut));
        } catch (BadConversationException e) {
          quarantine.reject(one.rejected(e));
        }
      }
    }
  }

  private Rated partner(Rated text, List<Rated> texts, RandomKey key)
      throws BadConversationException {
    for (int draw = 0; draw < DRAWS; draw++) {
      Rated other = texts.get(key.below(draw, texts.size()));
      if (Math.abs(other.rating - text.rating) >= leastGap) {
        return other;
      }
    }
    throw new BadConversationException(
        "no-partner", "none of " + DRAWS + " drawn texts is rated otherwise by " + leastGap);
  }

  private RewardPair pair(Rated one, Rated other, boolean heldOut) throws BadConversationException {
    boolean first = one.rating > other.rating;
    Rated better = first ? one : other;
    Rated worse = first ? other : one;
    double margin = marginPerPoint * (better.rating - worse.rating);
    if (prompt.isEmpty()) {
      return new RewardPair(Optional.empty(), better.text, worse.text, margin, heldOut);
    }
    return RewardPair.of(
        new PreferencePair(conversation(better.text), conversation(worse.text), margin), heldOut);
  }

  private Conversation conversation(String answer) throws BadConversationException {
    return Conversation.of(
        List.of(Message.of(Role.USER, prompt.orElseThrow()), Message.of(Role.ASSISTANT, answer)),
        List.of(),
        Origin.UNKNOWN);
  }
}
