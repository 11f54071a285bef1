package io.kanana.data.dedup;

import io.kanana.core.checkpoint.ArtefactWriter;
import io.kanana.core.config.Check;
import io.kanana.data.document.Document;
import io.kanana.data.filter.CascadeStep;
import io.kanana.data.filter.ClusterFilter;
import io.kanana.data.filter.Verdict;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Keeps one document of each cluster of nearly alike ones, found by MinHash with bands (Broder,
 * 1997; Leskovec, Rajaraman and Ullman, Mining of Massive Datasets, section 3.4). Alike is
 * transitive: of A, B and C one is kept where A and B match and B and C do, even if A and C differ.
 * Documents shorter than one shingle match none.
 *
 * <p>A document that is kept for others carries {@value #CLUSTER}, the place of its cluster's first
 * document in the corpus, and {@value #CLUSTER_SIZE} in its metadata; one that is dropped has its
 * cluster as the measured value. The file {@value #FILE} lists the members of each cluster by their
 * places.
 *
 * <p>A sketch has 8 bytes a band. The decision holds 8 bytes a document, or 12 where the longest
 * stays, and while it works some 20 more for each thread, of which it uses no more than there are
 * bands.
 */
public final class NearDuplicates implements ClusterFilter {
  /** The key of a kept document's cluster. */
  public static final String CLUSTER = "cluster";

  /** The key of the number of documents in a kept document's cluster. */
  public static final String CLUSTER_SIZE = "clusterSize";

  /** Why a document is dropped. */
  public static final String REASON = "near-duplicate";

  /** The members of each cluster. */
  public static final String FILE = "clusters.jsonl";

  /** Parameters that others published. */
  public enum Preset {
    /** FineWeb: 14 bands of 8, five words, SHA-1; values equal to those of datatrove. */
    FINEWEB,
    /** FineWeb-2 and datatrove's default: the same with XXH64. */
    FINEWEB_2,
    /** NeMo Curator: 20 bands of 13, 24 characters of the text as it is; hashes of our own. */
    NEMO_CURATOR,
    /** text-dedup: 25 bands of 10, five words; hashes of our own. */
    TEXT_DEDUP;

    MinHash.Shape shape() {
      return switch (this) {
        case FINEWEB -> new MinHash.Shape(14, 8, Shingles.WORDS, 5, ShingleHash.SHA1, 1, true);
        case FINEWEB_2 -> new MinHash.Shape(14, 8, Shingles.WORDS, 5, ShingleHash.XXHASH, 1, true);
        case NEMO_CURATOR ->
            new MinHash.Shape(20, 13, Shingles.CHARACTERS, 24, ShingleHash.XXHASH, 42, false);
        case TEXT_DEDUP -> new MinHash.Shape(25, 10, Shingles.WORDS, 5, ShingleHash.SHA1, 42, true);
      };
    }
  }

  /** Which member of a cluster stays. */
  public enum Keep {
    /** The first in the corpus's order. */
    FIRST,
    /** The one of most characters, the first of several. */
    LONGEST
  }

  /**
   * What counts as nearly alike.
   *
   * @param preset where the parameters come from that are not given
   * @param keep which member of a cluster stays
   * @param bands how many chances two documents have to match
   * @param rows how many values must agree for that; texts of Jaccard similarity s match with
   *     probability {@code 1 - (1 - s^rows)^bands}
   * @param shingleSize words or characters of a shingle
   * @param hash how shingles are hashed
   * @param seed chooses the permutations
   */
  public record Config(
      Preset preset,
      Keep keep,
      OptionalInt bands,
      OptionalInt rows,
      OptionalInt shingleSize,
      Optional<ShingleHash> hash,
      OptionalInt seed)
      implements CascadeStep.Config {
    public Config {
      Check.that(inRange(bands), "bands", "must lie in 1 .. 1000, got %s", bands.orElse(0));
      Check.that(inRange(rows), "rows", "must lie in 1 .. 1000, got %s", rows.orElse(0));
      Check.that(
          shingleSize.orElse(1) >= 1,
          "shingle-size",
          "must be at least 1, got %s",
          shingleSize.orElse(0));
    }

    private static boolean inRange(OptionalInt value) {
      return value.orElse(1) >= 1 && value.orElse(1) <= 1000;
    }

    /** A preset as it is; the first member stays. */
    public static Config of(Preset preset) {
      OptionalInt none = OptionalInt.empty();
      return new Config(preset, Keep.FIRST, none, none, none, Optional.empty(), none);
    }

    MinHash.Shape shape() {
      MinHash.Shape given = preset.shape();
      return new MinHash.Shape(
          bands.orElse(given.bands()),
          rows.orElse(given.rows()),
          given.shingles(),
          shingleSize.orElse(given.size()),
          hash.orElse(given.hash()),
          seed.orElse(given.seed()),
          given.simplified());
    }

    @Override
    public NearDuplicates create() {
      return new NearDuplicates(this);
    }
  }

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private final MinHash minHash;
  private final int bands;
  private final boolean longest;

  public NearDuplicates(Config config) {
    MinHash.Shape shape = config.shape();
    this.minHash = new MinHash(shape);
    this.bands = shape.bands();
    this.longest = config.keep() == Keep.LONGEST;
  }

  /** The key of each band, and the length where it decides; nothing for a short document. */
  @Override
  public byte[] sketch(Document document) {
    long[] keys = minHash.bandKeys(document.text());
    if (keys.length == 0) {
      return NOTHING;
    }
    int keyBytes = bands * Long.BYTES;
    byte[] sketch = new byte[longest ? keyBytes + Integer.BYTES : keyBytes];
    for (int band = 0; band < bands; band++) {
      LONGS.set(sketch, band * Long.BYTES, keys[band]);
    }
    if (longest) {
      INTS.set(sketch, keyBytes, document.text().length());
    }
    return sketch;
  }

  @Override
  public Decision decide(Sketches sketches, int threads) {
    return new Clustered(cluster(sketches, threads));
  }

  Clusters cluster(Sketches sketches, int threads) {
    DisjointSets sets = new DisjointSets(Places.count(sketches));
    Workers.run(threads, bands, band -> join(sketches, band, sets));
    return new Clusters(sets.roots(), longest ? lengths(sketches) : null);
  }

  /** Joins all documents that have a band's key in common. */
  private static void join(Sketches sketches, int band, DisjointSets sets) {
    int count = Places.count(sketches);
    long[] keys = new long[count];
    PlaceTable table = new PlaceTable(keys);
    for (int place = 0; place < count; place++) {
      byte[] sketch = sketches.at(place);
      if (sketch.length > 0) {
        keys[place] = (long) LONGS.get(sketch, band * Long.BYTES);
        int first = table.first(place);
        if (first != place) {
          sets.join(first, place);
        }
      }
    }
  }

  private int[] lengths(Sketches sketches) {
    int[] lengths = new int[Places.count(sketches)];
    for (int place = 0; place < lengths.length; place++) {
      lengths[place] = (int) weight(sketches.at(place));
    }
    return lengths;
  }

  @Override
  public void keys(byte[] sketch, Keys keys) {
    for (int band = 0; band < bands && sketch.length > 0; band++) {
      keys.add(band, (long) LONGS.get(sketch, band * Long.BYTES));
    }
  }

  /** The length, where it decides. */
  @Override
  public long weight(byte[] sketch) {
    return longest && sketch.length > 0 ? (int) INTS.get(sketch, bands * Long.BYTES) : 0;
  }

  /** The cluster; also its size for the one that stays. */
  @Override
  public byte[] finding(long cluster, int size, boolean stays) {
    byte[] finding = new byte[stays ? Long.BYTES + Integer.BYTES : Long.BYTES];
    LONGS.set(finding, 0, cluster);
    if (stays) {
      INTS.set(finding, Long.BYTES, size);
    }
    return finding;
  }

  @Override
  public Verdict judge(Document document, byte[] finding) {
    if (finding.length == 0) {
      return Verdict.keep(document);
    }
    long cluster = (long) LONGS.get(finding, 0);
    return finding.length == Long.BYTES
        ? Verdict.drop(REASON, cluster)
        : Verdict.keep(labelled(document, cluster, (int) INTS.get(finding, Long.BYTES)));
  }

  private static Document labelled(Document document, long cluster, int size) {
    Map<String, Object> metadata = new LinkedHashMap<>(document.metadata());
    metadata.put(CLUSTER, cluster);
    metadata.put(CLUSTER_SIZE, size);
    return new Document(document.id(), document.text(), metadata);
  }

  @Override
  public String file() {
    return FILE;
  }

  private final class Clustered implements Decision {
    private final Clusters clusters;

    Clustered(Clusters clusters) {
      this.clusters = clusters;
    }

    @Override
    public byte[] finding(long place) {
      int index = Math.toIntExact(place);
      int size = clusters.size(index);
      return size == 1
          ? NOTHING
          : NearDuplicates.this.finding(
              clusters.cluster(index), size, clusters.kept(index) == index);
    }

    @Override
    public Map<String, ArtefactWriter.Content> files() {
      return Map.of(FILE, clusters::write);
    }
  }
}
