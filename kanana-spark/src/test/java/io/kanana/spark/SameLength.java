package io.kanana.spark;

import io.kanana.core.checkpoint.ArtefactWriter;
import io.kanana.core.extension.Extension;
import io.kanana.core.extension.ExtensionProvider;
import io.kanana.data.document.Document;
import io.kanana.data.filter.CascadeStep;
import io.kanana.data.filter.CorpusFilter;
import io.kanana.data.filter.Verdict;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Keeps the first documents of each length: a filter that says nothing of how a cluster could
 * decide it.
 *
 * @param most of each length
 */
public record SameLength(int most) implements CascadeStep.Config, CorpusFilter {
  @Override
  public CorpusFilter create() {
    return this;
  }

  @Override
  public byte[] sketch(Document document) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(document.text().length()).array();
  }

  @Override
  public Decision decide(Sketches sketches, int threads) {
    Map<Integer, Integer> seen = new TreeMap<>();
    int[] ranks = new int[(int) sketches.count()];
    for (int place = 0; place < ranks.length; place++) {
      ranks[place] = seen.merge(ByteBuffer.wrap(sketches.at(place)).getInt(), 1, Integer::sum);
    }
    return new Decision() {
      @Override
      public byte[] finding(long place) {
        int rank = ranks[(int) place];
        return rank <= most ? NOTHING : Integer.toString(rank).getBytes(StandardCharsets.US_ASCII);
      }

      @Override
      public Map<String, ArtefactWriter.Content> files() {
        byte[] counts = seen.toString().getBytes(StandardCharsets.US_ASCII);
        return Map.of("lengths.txt", out -> out.write(ByteBuffer.wrap(counts)));
      }
    };
  }

  @Override
  public Verdict judge(Document document, byte[] finding) {
    return finding.length == 0
        ? Verdict.keep(document)
        : Verdict.drop("same-length", new String(finding, StandardCharsets.US_ASCII));
  }

  /** Names it. */
  public static final class Provider implements ExtensionProvider {
    @Override
    public List<Extension<?>> extensions() {
      return List.of(
          new Extension<>(
              CascadeStep.Config.class, "test-same-length", SameLength.class, "For tests.", ""));
    }
  }
}
