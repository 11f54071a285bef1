package io.kanana.data.classify;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The mean of a text's rows as the definition has it, with strings and doubles. */
final class SlowMean {
  private SlowMean() {}

  static double[] of(LinearModel model, String text) {
    Map<String, Integer> words = new HashMap<>();
    for (int id = 0; id < model.vocabulary().words(); id++) {
      words.put(new String(model.vocabulary().entry(id), StandardCharsets.UTF_8), id);
    }
    List<String> tokens = new ArrayList<>(List.of(text.strip().split("[ \n\r\t\u000B\f\0]+")));
    tokens.add("</s>");
    List<Integer> rows = new ArrayList<>();
    for (String token : tokens) {
      if (words.containsKey(token)) {
        rows.add(words.get(token));
      }
      if (!token.equals("</s>")) {
        subwords(model, token, rows);
      }
    }
    ngrams(model, tokens, rows);
    return mean(model, rows);
  }

  private static void subwords(LinearModel model, String token, List<Integer> rows) {
    int[] word = ("<" + token + ">").codePoints().toArray();
    for (int start = 0; start < word.length; start++) {
      int longest = Math.min(model.maxSubword(), word.length - start);
      for (int length = model.minSubword(); length <= longest; length++) {
        boolean bracket = length == 1 && (start == 0 || start == word.length - 1);
        if (!bracket) {
          long hash = hash(new String(word, start, length)) & 0xFFFF_FFFFL;
          rows.add(model.vocabulary().words() + (int) (hash % model.buckets().count()));
        }
      }
    }
  }

  private static void ngrams(LinearModel model, List<String> tokens, List<Integer> rows) {
    for (int first = 0; first < tokens.size(); first++) {
      long hash = hash(tokens.get(first));
      int end = Math.min(tokens.size(), first + model.wordNgrams());
      for (int next = first + 1; next < end; next++) {
        hash = hash * 116_049_371 + hash(tokens.get(next));
        rows.add(
            model.vocabulary().words()
                + (int) Long.remainderUnsigned(hash, model.buckets().count()));
      }
    }
  }

  private static int hash(String text) {
    int hash = (int) 2_166_136_261L;
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ b) * 16_777_619;
    }
    return hash;
  }

  private static double[] mean(LinearModel model, List<Integer> rows) {
    DenseRows input = (DenseRows) model.input();
    double[] mean = new double[input.dimensions()];
    for (int row : rows) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += input.values()[input.at(row) + i] / (double) rows.size();
      }
    }
    return mean;
  }
}
