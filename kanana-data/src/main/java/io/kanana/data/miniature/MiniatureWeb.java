package io.kanana.data.miniature;

import io.kanana.core.config.Check;
import io.kanana.core.random.RandomKey;
import io.kanana.data.document.Document;
import io.kanana.data.document.DocumentSource;
import io.kanana.data.document.DocumentStream;
import io.kanana.data.document.Quarantine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A web of pages in Korean and English over one {@link World}. Page {@code i} is a pure function of
 * the seed and {@code i}, so that any page can be had without the ones before it.
 */
public final class MiniatureWeb implements DocumentSource {
  /**
   * How large a web is and what it is made of.
   *
   * @param documents the number of pages
   * @param koreanShare the share of pages in Korean, 0 to 1
   * @param seed chooses the pages; the world is the same for every seed
   * @param kinds the kinds of page to write
   * @param faults the share of pages with each fault that is planted, by {@link FaultKind#label};
   *     the others are the pages of a web without faults
   */
  public record Config(
      long documents,
      double koreanShare,
      long seed,
      List<PageKind> kinds,
      Map<String, Double> faults)
      implements DocumentSource.Config {
    public Config {
      kinds = List.copyOf(kinds);
      faults = Map.copyOf(faults);
      Check.that(documents >= 1, "documents", "must be at least 1, got %s", documents);
      Check.that(
          koreanShare >= 0 && koreanShare <= 1,
          "korean-share",
          "must lie in 0 .. 1, got %s",
          koreanShare);
      Check.that(!kinds.isEmpty(), "kinds", "must name at least one kind of page");
      checkFaults(faults);
    }

    /** A web without faults. */
    public Config(long documents, double koreanShare, long seed, List<PageKind> kinds) {
      this(documents, koreanShare, seed, kinds, Map.of());
    }

    private static void checkFaults(Map<String, Double> faults) {
      List<String> known = Arrays.stream(FaultKind.values()).map(FaultKind::label).toList();
      faults.forEach(
          (label, rate) -> {
            Check.that(known.contains(label), "faults", "must be some of %s, got %s", known, label);
            Check.that(rate >= 0, "faults." + label, "must be at least 0, got %s", rate);
          });
      double sum = faults.values().stream().mapToDouble(rate -> rate).sum();
      Check.that(sum <= 1 + 1e-9, "faults", "must be at most 1 together, got %s", sum);
    }

    /** A web of all kinds of page, half of them in Korean. */
    public static Config of(long documents, long seed) {
      return new Config(documents, 0.5, seed, List.of(PageKind.values()));
    }

    @Override
    public MiniatureWeb create() {
      return new MiniatureWeb(this);
    }
  }

  private final Config config;
  private final RandomKey key;
  private final List<PageKind> kinds = new ArrayList<>();
  private final Pages pages;

  /** Absent where none are planted. */
  private final Optional<Faults> faults;

  public MiniatureWeb(Config config) {
    this.config = config;
    this.key = RandomKey.of(config.seed()).child("miniature-web");
    World world = World.load();
    this.pages = new Pages(world);
    boolean some = config.faults().values().stream().anyMatch(rate -> rate > 0);
    this.faults =
        some ? Optional.of(new Faults(config.faults(), world, key, this::clean)) : Optional.empty();
    for (PageKind kind : config.kinds()) {
      for (int i = 0; i < kind.weight(); i++) {
        kinds.add(kind);
      }
    }
  }

  /** Page {@code index} of the web, from 0. */
  public Document document(long index) {
    Page page = faults.isPresent() ? faults.get().page(index) : clean(index);
    return new Document("miniature/" + index, page.text(), page.metadata());
  }

  private Page clean(long index) {
    Draws draws = new Draws(key.child(index));
    Language language = draws.uniform() < config.koreanShare() ? Language.KOREAN : Language.ENGLISH;
    PageKind kind = draws.pick(kinds);
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("language", language.code());
    metadata.put("kind", kind.name().toLowerCase(Locale.ROOT));
    return new Page(language, pages.write(kind, language, draws), metadata);
  }

  /** Every page; nothing is ever rejected. */
  @Override
  public DocumentStream open(Quarantine quarantine) {
    return new DocumentStream() {
      private long next;

      @Override
      public Document next() {
        return next < config.documents() ? document(next++) : null;
      }

      @Override
      public void close() {}
    };
  }
}
