package io.kanana.data.dedup;

import io.kanana.data.document.Document;
import io.kanana.data.filter.CorpusFilter;
import io.kanana.data.filter.Verdict;
import java.util.ArrayList;
import java.util.List;

/** What a filter of a whole corpus says about each document, for tests. */
record Deduplication(CorpusFilter.Decision decision, List<Verdict> verdicts) {
  static Deduplication of(CorpusFilter filter, List<Document> documents, int threads) {
    List<byte[]> sketches = documents.stream().map(filter::sketch).toList();
    CorpusFilter.Decision decision = filter.decide(sketches(sketches), threads);
    List<Verdict> verdicts = new ArrayList<>();
    for (int place = 0; place < documents.size(); place++) {
      verdicts.add(filter.judge(documents.get(place), decision.finding(place)));
    }
    return new Deduplication(decision, verdicts);
  }

  static CorpusFilter.Sketches sketches(List<byte[]> sketches) {
    return new CorpusFilter.Sketches() {
      @Override
      public long count() {
        return sketches.size();
      }

      @Override
      public byte[] at(long place) {
        return sketches.get((int) place);
      }
    };
  }

  List<Document> kept() {
    return verdicts.stream()
        .filter(verdict -> verdict instanceof Verdict.Keep)
        .map(verdict -> ((Verdict.Keep) verdict).document())
        .toList();
  }

  List<String> keptIds() {
    return kept().stream().map(Document::id).toList();
  }

  List<String> keptTexts() {
    return kept().stream().map(Document::text).toList();
  }

  /** Documents d0, d1, ... of the texts. */
  static List<Document> documents(String... texts) {
    List<Document> documents = new ArrayList<>();
    for (String text : texts) {
      documents.add(Document.of("d" + documents.size(), text));
    }
    return documents;
  }
}
