package io.kanana.eval.model;

import io.kanana.eval.request.Request;
import io.kanana.eval.request.Response;
import java.util.SortedMap;
import java.util.TreeMap;

/** The windows of one text, which come in any order and are added up in theirs. */
final class RollingSum {
  private final Request.RollingLogLikelihood request;
  private final int tokens;
  private final int windows;
  private final SortedMap<Integer, Double> sums = new TreeMap<>();

  RollingSum(Request.RollingLogLikelihood request, int tokens, int windows) {
    this.request = request;
    this.tokens = tokens;
    this.windows = windows;
  }

  void add(int window, double sum) {
    sums.put(window, sum);
  }

  boolean complete() {
    return sums.size() == windows;
  }

  void tell(EvaluationModel.Answers answers) {
    double sum = sums.values().stream().mapToDouble(Double::doubleValue).sum();
    answers.answered(request, new Response.RollingLogLikelihood(sum, tokens, windows));
  }
}
