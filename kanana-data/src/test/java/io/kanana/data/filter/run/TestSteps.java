package io.kanana.data.filter.run;

import io.kanana.core.error.ConfigException;
import io.kanana.core.extension.Extension;
import io.kanana.core.extension.ExtensionProvider;
import io.kanana.core.job.Cancellation;
import io.kanana.data.document.Document;
import io.kanana.data.filter.CascadeStep;
import io.kanana.data.filter.CorpusFilter;
import io.kanana.data.filter.DataFilter;
import io.kanana.data.filter.DocumentTransform;
import io.kanana.data.filter.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** Steps of each kind that are simple enough to be predicted. */
final class TestSteps implements ExtensionProvider {
  /** How many documents {@link Counting} has seen. */
  static final AtomicLong SEEN = new AtomicLong();

  /** How many {@link Counting} were closed. */
  static final AtomicLong CLOSED = new AtomicLong();

  /** What {@link Counting} asks to stop. */
  static volatile Cancellation cancellation = new Cancellation();

  /** Drops a document whose first characters came before. */
  record Duplicates(int characters) implements CascadeStep.Config, CorpusFilter {
    @Override
    public CorpusFilter create() {
      return this;
    }

    @Override
    public byte[] sketch(Document document) {
      String text = document.text();
      return text.substring(0, Math.min(characters, text.length()))
          .getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Decision decide(Sketches sketches, int threads) {
      Set<String> seen = new HashSet<>();
      BitSet drop = new BitSet();
      for (int place = 0; place < sketches.count(); place++) {
        drop.set(place, !seen.add(new String(sketches.at(place), StandardCharsets.UTF_8)));
      }
      return place ->
          drop.get((int) place)
              ? Long.toString(place).getBytes(StandardCharsets.US_ASCII)
              : NOTHING;
    }

    @Override
    public Verdict judge(Document document, byte[] finding) {
      return finding.length == 0
          ? Verdict.keep(document)
          : Verdict.drop("duplicate", Long.valueOf(new String(finding, StandardCharsets.US_ASCII)));
    }
  }

  /** Takes digits away. */
  record NoDigits() implements CascadeStep.Config, DocumentTransform {
    @Override
    public DocumentTransform create() {
      return this;
    }

    @Override
    public Verdict apply(Document document) {
      String text = document.text().replaceAll("[0-9]", "");
      return Verdict.keep(
          text.equals(document.text())
              ? document
              : new Document(document.id(), text, document.metadata()));
    }
  }

  /**
   * Keeps every document, and asks to stop at one of them, or fails there; 0 for none.
   *
   * @param stopAt counted over all threads
   */
  record Counting(long stopAt, String failOn) implements CascadeStep.Config, DataFilter {
    @Override
    public DataFilter create() {
      return this;
    }

    @Override
    public Verdict judge(Document document) {
      if (SEEN.incrementAndGet() == stopAt) {
        cancellation.request();
      }
      if (document.id().equals(failOn)) {
        throw new ArithmeticException("a fault of the step");
      }
      return Verdict.keep(document);
    }

    @Override
    public void close() {
      CLOSED.incrementAndGet();
    }
  }

  /** Cannot be made. */
  record Failing() implements CascadeStep.Config {
    @Override
    public CascadeStep create() {
      throw new ConfigException("type", "cannot be made");
    }
  }

  /** Breaks the rule that a filter changes nothing. */
  record Meddling() implements CascadeStep.Config, DataFilter {
    @Override
    public DataFilter create() {
      return this;
    }

    @Override
    public Verdict judge(Document document) {
      return Verdict.keep(Document.of(document.id(), "changed"));
    }
  }

  @Override
  public List<Extension<?>> extensions() {
    return List.of(
        step("test-duplicates", Duplicates.class, "characters: 1000"),
        step("test-no-digits", NoDigits.class, ""),
        step("test-counting", Counting.class, "{stop-at: 0, fail-on: ''}"),
        step("test-failing", Failing.class, ""),
        step("test-meddling", Meddling.class, ""));
  }

  private static Extension<CascadeStep.Config> step(
      String name, Class<? extends CascadeStep.Config> config, String defaults) {
    return new Extension<>(CascadeStep.Config.class, name, config, "For tests.", defaults);
  }
}
