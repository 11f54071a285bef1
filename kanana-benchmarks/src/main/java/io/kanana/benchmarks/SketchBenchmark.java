package io.kanana.benchmarks;

import io.kanana.data.dedup.NearDuplicates;
import io.kanana.data.dedup.NearDuplicates.Preset;
import io.kanana.data.document.Document;
import io.kanana.data.miniature.MiniatureWeb;
import io.kanana.data.miniature.PageKind;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
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
 * The sketch of one document of some 2,000 characters by the Java Microbenchmark Harness. It is
 * neither abstract nor final because the harness extends it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class SketchBenchmark {
  private static final int CHARACTERS = 2000;
  private static final int PAGES = 50;

  @Param({"FINEWEB", "FINEWEB_2", "NEMO_CURATOR"})
  public Preset preset;

  /** Of Korean pages; the rest is English. */
  @Param({"0", "1"})
  public double koreanShare;

  private NearDuplicates filter;
  private Document document;

  @Setup
  public void open() {
    filter = NearDuplicates.Config.of(preset).create();
    MiniatureWeb web =
        new MiniatureWeb(
            new MiniatureWeb.Config(PAGES, koreanShare, 1, List.of(PageKind.ENCYCLOPEDIA)));
    String pages =
        LongStream.range(0, PAGES)
            .mapToObj(page -> web.document(page).text())
            .collect(Collectors.joining("\n"));
    document = Document.of("pages", pages.substring(0, Math.min(CHARACTERS, pages.length())));
  }

  @Benchmark
  public byte[] sketch() {
    return filter.sketch(document);
  }
}
