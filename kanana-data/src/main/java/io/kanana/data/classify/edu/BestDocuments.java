package io.kanana.data.classify.edu;

import io.kanana.data.document.Document;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The documents with the largest value among all that were offered, each text once. Which those are
 * does not depend on the order of offers, but for copies, of which the first counts.
 */
final class BestDocuments {
  private record Entry(double value, String digest, Document document) {}

  private static final Comparator<Entry> ORDER =
      Comparator.comparingDouble(Entry::value).reversed().thenComparing(Entry::digest);

  private final int most;
  private final TreeSet<Entry> best = new TreeSet<>(ORDER);
  private final Set<String> digests = new HashSet<>();

  BestDocuments(int most) {
    this.most = most;
  }

  /** Whether a document of this value would be kept, if its text is not there yet. */
  boolean wants(double value) {
    return best.size() < most || value >= best.last().value();
  }

  void offer(double value, String digest, Document document) {
    if (!wants(value) || !digests.add(digest)) {
      return;
    }
    best.add(new Entry(value, digest, document));
    if (best.size() > most) {
      digests.remove(best.pollLast().digest());
    }
  }

  /** The largest value first. */
  List<Document> documents() {
    return best.stream().map(Entry::document).toList();
  }
}
