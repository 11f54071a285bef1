package io.kanana.data.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.data.document.Document;
import io.kanana.data.document.DocumentLines;
import io.kanana.data.document.DocumentStream;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What every step of a cascade must keep, whoever wrote it: a step's own test extends this and adds
 * what the step is for.
 */
public abstract class CascadeStepContract {
  private static final int THREADS = 4;
  private static final int ROUNDS = 5;

  /** The configuration of the step. */
  protected abstract CascadeStep.Config config();

  private final List<CascadeStep> created = new ArrayList<>();

  private CascadeStep create() {
    CascadeStep step = config().create();
    created.add(step);
    return step;
  }

  @AfterEach
  final void close() {
    created.forEach(CascadeStep::close);
  }

  /** Some dozen documents, of which the step drops or changes some and keeps others. */
  protected abstract List<Document> documents();

  /** Documents that have broken steps before: nothing but white space, no spaces at all, ... */
  private static List<Document> strange() {
    List<String> texts =
        List.of(
            "a",
            " a\n",
            "\n\n\n.",
            "\u0000\u0001",
            "...",
            "🙂",
            "e\u0301",
            "가",
            "ㄱㄴㄷ",
            "\u202Eabc",
            "a\r\nb\rc",
            "<p>",
            "{\"a\": 1}",
            "x".repeat(50_000),
            "가".repeat(5_000),
            "a b ".repeat(5_000),
            "\n".repeat(3_000) + "a",
            "🙂".repeat(3_000));
    List<Document> documents = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      documents.add(Document.of("strange/" + i, texts.get(i)));
    }
    return documents;
  }

  private List<Document> all() {
    List<Document> all = new ArrayList<>(documents());
    all.addAll(strange());
    return all;
  }

  /** The verdicts about all documents, in their order. */
  private List<Verdict> verdicts(CascadeStep step, List<Document> documents, int threads) {
    return switch (step) {
      case DataFilter filter -> documents.stream().map(filter::judge).toList();
      case DocumentTransform transform -> documents.stream().map(transform::apply).toList();
      case CorpusFilter filter -> judged(filter, documents, threads);
    };
  }

  private static List<Verdict> judged(CorpusFilter filter, List<Document> documents, int threads) {
    CorpusFilter.Decision decision = filter.decide(sketches(filter, documents), threads);
    List<Verdict> verdicts = new ArrayList<>();
    for (int place = 0; place < documents.size(); place++) {
      verdicts.add(filter.judge(documents.get(place), decision.finding(place)));
    }
    return verdicts;
  }

  private static CorpusFilter.Sketches sketches(CorpusFilter filter, List<Document> documents) {
    List<byte[]> sketches = documents.stream().map(filter::sketch).toList();
    return new CorpusFilter.Sketches() {
      @Override
      public long count() {
        return sketches.size();
      }

      @Override
      public byte[] at(long place) {
        return sketches.get((int) place).clone();
      }
    };
  }

  @Test
  final void saysTheSameTwice() {
    CascadeStep step = create();
    List<Verdict> once = verdicts(step, all(), 1);
    assertThat(verdicts(step, all(), 1)).isEqualTo(once);
    assertThat(verdicts(create(), all(), 1)).isEqualTo(once);
  }

  @Test
  final void dropsOrChangesSomeAndKeepsOthers() {
    List<Document> documents = documents();
    List<Verdict> verdicts = verdicts(create(), documents, 1);
    assertThat(verdicts)
        .anyMatch(verdict -> verdict instanceof Verdict.Keep)
        .anyMatch(
            verdict ->
                !(verdict instanceof Verdict.Keep keep) || !documents.contains(keep.document()));
  }

  @Test
  final void doesNotRememberDocuments() {
    CascadeStep step = create();
    if (step instanceof CorpusFilter filter) {
      List<byte[]> forwards = all().stream().map(filter::sketch).toList();
      List<byte[]> backwards = all().reversed().stream().map(filter::sketch).toList().reversed();
      assertThat(backwards).usingElementComparator(Arrays::compare).isEqualTo(forwards);
    } else {
      List<Verdict> backwards = verdicts(step, all().reversed(), 1).reversed();
      assertThat(backwards).isEqualTo(verdicts(create(), all(), 1));
    }
  }

  @Test
  final void servesSeveralThreadsAtOnce() throws Exception {
    CascadeStep step = create();
    List<Verdict> expected = verdicts(create(), all(), 1);
    List<Callable<List<Verdict>>> tasks =
        Collections.nCopies(THREADS * ROUNDS, () -> verdicts(step, all(), 1));
    try (ExecutorService executor = Executors.newFixedThreadPool(THREADS)) {
      for (Future<List<Verdict>> result : executor.invokeAll(tasks)) {
        assertThat(result.get()).isEqualTo(expected);
      }
    }
  }

  @Test
  final void decidesTheSameWithAnyNumberOfThreads() {
    CascadeStep step = create();
    assertThat(verdicts(step, all(), THREADS)).isEqualTo(verdicts(step, all(), 1));
  }

  @Test
  final void findsTheSameWhereNoPlaceHasAllSketches() {
    if (create() instanceof CorpusFilter filter) {
      List<byte[]> sketches = all().stream().map(filter::sketch).toList();
      CorpusFilter.Decision decision = filter.decide(sketches(filter, all()), 1);
      List<byte[]> obvious = ObviousFindings.of(filter, sketches, decision);
      for (int place = 0; place < sketches.size(); place++) {
        assertThat(decision.finding(place)).as("place %s", place).isEqualTo(obvious.get(place));
      }
    }
  }

  @Test
  final void aFilterKeepsTheDocumentItself() {
    if (create() instanceof DataFilter filter) {
      for (Document document : all()) {
        if (filter.judge(document) instanceof Verdict.Keep keep) {
          assertThat(keep.document()).isSameAs(document);
        }
      }
    }
  }

  @Test
  final void reasonsAreNamesAndMeasuresAreValues() {
    for (Verdict verdict : verdicts(create(), all(), 1)) {
      if (verdict instanceof Verdict.Drop drop) {
        assertThat(drop.reason()).matches("[a-z0-9]+(-[a-z0-9]+)*");
        if (drop.measured() instanceof Number number) {
          assertThat(Double.isFinite(number.doubleValue())).as(drop.toString()).isTrue();
        } else if (drop.measured() != null) {
          assertThat(drop.measured()).isInstanceOfAny(String.class, Boolean.class);
        }
      }
    }
  }

  @Test
  final void whatIsKeptCanBeStoredAndHasText() {
    for (Verdict verdict : verdicts(create(), all(), 1)) {
      if (verdict instanceof Verdict.Keep keep) {
        Document kept = keep.document();
        assertThat(kept.text()).isNotBlank();
        byte[] line = DocumentLines.line(kept);
        try (DocumentStream lines = DocumentLines.read(new ByteArrayInputStream(line), "line")) {
          assertThat(DocumentLines.line(lines.next())).isEqualTo(line);
        }
      }
    }
  }
}
