package io.kanana.data.filter.run;

import io.kanana.data.document.Document;
import io.kanana.data.filter.CorpusFilter;
import io.kanana.data.filter.DataFilter;
import io.kanana.data.filter.DocumentTransform;
import io.kanana.data.filter.Verdict;
import java.util.function.LongFunction;

/** Any step that can speak about a document now. Safe for use by several threads at once. */
interface Judge {
  Verdict judge(long place, Document document);

  /**
   * @param findings by place, where the step is a corpus filter
   */
  static Judge of(NamedStep named, LongFunction<byte[]> findings) {
    return switch (named.step()) {
      case DataFilter filter -> (_, document) -> unchanged(named, document, filter.judge(document));
      case DocumentTransform transform -> (_, document) -> transform.apply(document);
      case CorpusFilter filter ->
          (place, document) -> filter.judge(document, findings.apply(place));
    };
  }

  private static Verdict unchanged(NamedStep named, Document document, Verdict verdict) {
    if (verdict instanceof Verdict.Keep keep && !keep.document().equals(document)) {
      throw new IllegalStateException(
          "step " + named.name() + " is a filter and changed document " + document.id());
    }
    return verdict;
  }
}
