package io.kanana.data.miniature;

import io.kanana.core.random.RandomKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * Plants faults in pages, at most one in each, and names it in the metadata. Which page has which
 * fault depends on the page's index alone. Immutable.
 */
final class Faults {
  /** The metadata that names a page's fault. */
  static final String FAULT = "fault";

  /** The metadata that names what a page has that only looks like a fault. */
  static final String DECOY = "decoy";

  /** How often an earlier page without a fault is looked for. */
  private static final int ATTEMPTS = 64;

  private static final int WORDS_PER_EDIT = 60;

  private final Map<FaultKind, Double> rates = new EnumMap<>(FaultKind.class);
  private final RandomKey key;
  private final LongFunction<Page> pages;
  private final Map<Language, List<String>> exam = new EnumMap<>(Language.class);
  private final ForeignPages foreign = new ForeignPages();
  private final Clutter clutter = new Clutter();

  /**
   * @param rates the share of pages with each fault, by its label
   * @param pages the web without faults
   */
  Faults(Map<String, Double> rates, World world, RandomKey key, LongFunction<Page> pages) {
    this.key = key.child("faults");
    this.pages = pages;
    for (FaultKind kind : FaultKind.values()) {
      this.rates.put(kind, rates.getOrDefault(kind.label(), 0.0));
    }
    for (Language language : Language.values()) {
      exam.put(language, Exam.of(world, language).stream().map(Exam.Item::text).toList());
    }
  }

  /** The page at an index of the web, with its fault where it has one. */
  Page page(long index) {
    Page clean = pages.apply(index);
    Draws draws = new Draws(key.child(index));
    FaultKind kind = kind(draws);
    if (kind == null) {
      return clean;
    }
    return planted(kind, clean, index, draws)
        .map(page -> kind == FaultKind.LOOK_ALIKE ? page : page.with(FAULT, kind.label()))
        .orElse(clean);
  }

  /** The first draw decides. */
  private FaultKind kind(Draws draws) {
    double draw = draws.uniform();
    for (Map.Entry<FaultKind, Double> rate : rates.entrySet()) {
      draw -= rate.getValue();
      if (draw < 0) {
        return rate.getKey();
      }
    }
    return null;
  }

  /** Nothing where there is no earlier page to copy. */
  private Optional<Page> planted(FaultKind kind, Page page, long index, Draws draws) {
    return switch (kind) {
      case EXACT_DUPLICATE -> earlier(index, draws);
      case NEAR_DUPLICATE -> earlier(index, draws).map(earlier -> edited(earlier, draws));
      case BOILERPLATE -> Optional.of(page.withText(clutter.around(page, draws)));
      case PERSONAL_DATA ->
          Optional.of(withLine(page, PersonalDetails.real(page.language(), draws), draws));
      case LOOK_ALIKE ->
          Optional.of(
              withLine(page, PersonalDetails.lookAlike(page.language(), draws), draws)
                  .with(DECOY, FaultKind.PERSONAL_DATA.label()));
      case WRONG_LANGUAGE -> Optional.of(foreign.page(page, draws));
      case MOJIBAKE -> Optional.of(page.withText(Misreading.of(page, draws)));
      case BENCHMARK_LEAK ->
          Optional.of(withLine(page, draws.pick(exam.get(page.language())), draws));
      case SPAM -> Optional.of(page.withText(clutter.spam(page.language(), draws)));
      case TOO_SHORT -> Optional.of(page.withText(brokenOff(page.text(), draws)));
    };
  }

  /** An earlier page without a fault. */
  private Optional<Page> earlier(long index, Draws draws) {
    for (int i = 0; i < ATTEMPTS && index > 0; i++) {
      long other = (long) (draws.uniform() * index);
      if (kind(new Draws(key.child(other))) == null) {
        return Optional.of(pages.apply(other));
      }
    }
    return Optional.empty();
  }

  /** A few words become others of the page. */
  private static Page edited(Page page, Draws draws) {
    List<String> words = new ArrayList<>(Arrays.asList(page.text().split(" ", -1)));
    for (int i = 0; i <= words.size() / WORDS_PER_EDIT; i++) {
      String word = draws.pick(words);
      int at = draws.between(0, words.size() - 1);
      words.set(at, word.equals(words.get(at)) ? word + word : word);
    }
    return page.withText(String.join(" ", words));
  }

  /** A line more, after one of the page's. */
  private static Page withLine(Page page, String line, Draws draws) {
    List<String> lines = new ArrayList<>(Arrays.asList(page.text().split("\n", -1)));
    lines.add(draws.between(1, lines.size() - 1), line);
    return page.withText(String.join("\n", lines));
  }

  private static String brokenOff(String text, Draws draws) {
    return text.substring(0, Math.min(text.length(), draws.between(4, 16))).strip() + "\n";
  }
}
