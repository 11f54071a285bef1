package io.kanana.data.privacy;

import io.kanana.core.config.Check;
import io.kanana.data.document.Document;
import io.kanana.data.filter.CascadeStep;
import io.kanana.data.filter.DocumentTransform;
import io.kanana.data.filter.Verdict;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Puts placeholders or fakes in the place of personal data and writes into the metadata how many of
 * each kind there were. Nothing else of the text changes, and what it wrote it leaves alone the
 * next time.
 */
public final class PersonalData implements DocumentTransform {
  /** What stands in the place of personal data. */
  public enum Replacement {
    /** The name of its kind: {@code <EMAIL>}, {@code <PHONE>}, ... */
    PLACEHOLDER,
    /** A value that looks right and belongs to nobody, always the same for the same value. */
    FAKE
  }

  /**
   * @param kinds what is replaced
   * @param replacement by what
   * @param seed of the fakes; keep it to yourself
   * @param registrationCheckDigit which registration numbers must have a right check digit
   * @param field the metadata with the counts, by kind; absent where nothing was found
   */
  public record Config(
      List<PersonalKind> kinds,
      Replacement replacement,
      long seed,
      CheckDigit registrationCheckDigit,
      String field)
      implements CascadeStep.Config {
    public Config {
      kinds = List.copyOf(kinds);
      Check.that(!kinds.isEmpty(), "kinds", "must name at least one kind of personal data");
      Check.that(!field.isBlank(), "field", "must name a field of the metadata");
    }

    @Override
    public PersonalData create() {
      return new PersonalData(this);
    }
  }

  /**
   * What touches a value may be one itself once that is replaced; a second pass finds it. More are
   * for text that was made to need them.
   */
  private static final int MOST_PASSES = 8;

  private final Config config;
  private final Set<PersonalKind> kinds;
  private final PersonalDataScanner scanner;
  private final Fakes fakes;

  public PersonalData(Config config) {
    this.config = config;
    this.kinds = EnumSet.copyOf(config.kinds());
    this.scanner = new PersonalDataScanner(config.registrationCheckDigit());
    this.fakes = new Fakes(config.seed());
  }

  @Override
  public Verdict apply(Document document) {
    String text = document.text();
    Map<PersonalKind, Long> counts = new EnumMap<>(PersonalKind.class);
    List<Found> personal = personal(text);
    for (int pass = 0; pass < MOST_PASSES && !personal.isEmpty(); pass++) {
      personal.forEach(found -> counts.merge(found.kind(), 1L, Long::sum));
      text = replaced(text, personal);
      personal = personal(text);
    }
    return Verdict.keep(
        counts.isEmpty() ? document : new Document(document.id(), text, counted(document, counts)));
  }

  /** The text after one pass. */
  String once(String text) {
    return replaced(text, personal(text));
  }

  private List<Found> personal(String text) {
    return scanner.scan(text).stream()
        .filter(found -> found.personal() && kinds.contains(found.kind()))
        .toList();
  }

  private String replaced(String text, List<Found> personal) {
    StringBuilder out = new StringBuilder(text.length());
    int copied = 0;
    for (Found found : personal) {
      out.append(text.substring(copied, found.start()));
      out.append(
          config.replacement() == Replacement.FAKE
              ? fakes.of(found, text)
              : found.kind().placeholder());
      copied = found.end();
    }
    return out.append(text.substring(copied)).toString();
  }

  /** Counts of an earlier step are added to. */
  private Map<String, Object> counted(Document document, Map<PersonalKind, Long> counts) {
    Map<String, Object> all = new LinkedHashMap<>();
    if (document.metadata().get(config.field()) instanceof Map<?, ?> before) {
      before.forEach((kind, count) -> all.put(String.valueOf(kind), count));
    }
    counts.forEach(
        (kind, count) -> {
          long before = all.get(kind.label()) instanceof Number number ? number.longValue() : 0;
          all.put(kind.label(), before + count);
        });
    Map<String, Object> metadata = new LinkedHashMap<>(document.metadata());
    metadata.put(config.field(), all);
    return metadata;
  }
}
