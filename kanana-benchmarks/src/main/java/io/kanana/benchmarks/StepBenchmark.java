package io.kanana.benchmarks;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.config.Binder;
import io.kanana.core.config.Yaml;
import io.kanana.core.extension.Extensions;
import io.kanana.data.document.Document;
import io.kanana.data.filter.CascadeStep;
import io.kanana.data.filter.Verdict;
import io.kanana.data.miniature.MiniatureWeb;
import io.kanana.data.miniature.PageKind;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * One step's verdict about one document of some 2,000 characters by the Java Microbenchmark
 * Harness, for steps that see each document by itself. Documents take turns, and the step has seen
 * all of their words, as most words of a long run. It is neither abstract nor final because the
 * harness extends it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class StepBenchmark {
  private static final int CHARACTERS = 2000;
  private static final int PAGES = 20;
  private static final int DOCUMENTS = 64;

  /** The step with what it needs besides its name. */
  @Param({
    "mojibake",
    "{type: language, languages: [ko, en]}",
    "gopher-repetition",
    "gopher-quality",
    "c4",
    "fineweb-quality",
    "korean-gopher-repetition",
    "korean-gopher-quality",
    "korean-fineweb-quality",
    "personal-data"
  })
  public String step;

  /** Of Korean pages; the rest is English. */
  @Param({"0", "1"})
  public double koreanShare;

  private record Cascade(List<CascadeStep.Config> steps) {}

  private CascadeStep made;
  private List<Document> documents;
  private int next;

  @Setup
  public void open() {
    ObjectNode tree = Yaml.read("steps: [" + step + "]");
    Extensions extensions = Extensions.load(getClass().getClassLoader());
    made = new Binder(extensions).bind(Cascade.class, tree).config().steps().getFirst().create();
    MiniatureWeb web =
        new MiniatureWeb(
            new MiniatureWeb.Config(
                DOCUMENTS * PAGES, koreanShare, 1, List.of(PageKind.ENCYCLOPEDIA)));
    documents = IntStream.range(0, DOCUMENTS).mapToObj(number -> document(web, number)).toList();
  }

  private static Document document(MiniatureWeb web, int number) {
    String pages =
        LongStream.range((long) number * PAGES, (number + 1L) * PAGES)
            .mapToObj(page -> web.document(page).text())
            .collect(Collectors.joining("\n"));
    String text = pages.substring(0, Math.min(CHARACTERS, pages.length()));
    return Document.of("pages-" + number, text);
  }

  @Benchmark
  public Verdict judge() {
    next = (next + 1) % DOCUMENTS;
    return FilterBenchmark.verdict(made, documents.get(next));
  }
}
