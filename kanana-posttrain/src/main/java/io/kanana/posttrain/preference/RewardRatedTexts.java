package io.kanana.posttrain.preference;

import io.kanana.core.config.Check;
import io.kanana.core.random.RandomKey;
import io.kanana.core.template.ChatMessage;
import io.kanana.data.document.Document;
import io.kanana.data.document.DocumentStream;
import io.kanana.data.shard.HeldOut;
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

  private record Rated(String id, String text, double rating) {}

  @Override
  public RewardPairs create() {
    return this::read;
  }

  private List<RewardPair> read(RandomKey key, HeldOut heldOut, RewardFaults faults) {
    List<Rated> trained = new ArrayList<>();
    List<Rated> measured = new ArrayList<>();
    try (DocumentStream records = RewardPreferences.records(files, textField).open(faults)) {
      for (Document next = records.next(); next != null; next = records.next()) {
        Object rating = next.metadata().get(ratingField);
        if (rating instanceof Number number && Double.isFinite(number.doubleValue())) {
          Rated rated = new Rated(next.id(), next.text(), number.doubleValue());
          (heldOut.contains(next.text()) ? measured : trained).add(rated);
        } else {
          faults.add("no-rating", next.id(), ratingField + " is " + rating);
        }
      }
    }
    List<RewardPair> pairs = new ArrayList<>();
    draw(trained, key.child("train"), false, pairs);
    draw(measured, key.child("held-out"), true, pairs);
    return pairs;
  }

  private void draw(List<Rated> texts, RandomKey key, boolean heldOut, List<RewardPair> into) {
    for (int i = 0; i < texts.size(); i++) {
      for (int k = 0; k < pairsPerText; k++) {
        Rated one = texts.get(i);
        partner(one, texts, key.child(i).child(k))
            .ifPresent(other -> into.add(pair(one, other, heldOut)));
      }
    }
  }

  private Optional<Rated> partner(Rated text, List<Rated> texts, RandomKey key) {
    for (int draw = 0; draw < DRAWS; draw++) {
      Rated other = texts.get(key.below(draw, texts.size()));
      if (Math.abs(other.rating - text.rating) >= leastGap) {
        return Optional.of(other);
      }
    }
    return Optional.empty();
  }

  private RewardPair pair(Rated one, Rated other, boolean heldOut) {
    boolean first = one.rating > other.rating;
    Rated better = first ? one : other;
    Rated worse = first ? other : one;
    return new RewardPair(
        better.id + " and " + worse.id,
        prompt.map(text -> List.of(ChatMessage.user(text))).orElse(List.of()),
        better.text,
        worse.text,
        marginPerPoint * (better.rating - worse.rating),
        heldOut);
  }
}
