package io.kanana.core.train;

import io.kanana.core.autograd.Tape;
import io.kanana.core.config.Check;
import io.kanana.core.error.DataException;
import io.kanana.core.model.Llama;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Measures the cross entropy of a model over one pass of held-out data. Where these are of several
 * domains, each is measured by itself, and the total is that of text in which every domain has its
 * share of the targets, however much of it was held out.
 */
public final class HeldOutLoss implements HeldOut {
  /**
   * Held-out data of one kind.
   *
   * @param name in reports
   * @param share of the targets that the total is taken over, relative to the other domains'; 0 for
   *     a domain that is measured and does not count
   * @param data of one pass
   */
  public record Domain(String name, double share, BatchSource data) {
    public Domain {
      Check.that(
          share >= 0 && share < Double.POSITIVE_INFINITY,
          "share",
          "must be a number of at least 0, got %s",
          share);
    }
  }

  private final List<Domain> domains;
  private final int microBatch;
  private final long limit;

  /**
   * @param data of one pass
   * @param microBatch rows that go through the model at once
   * @param limit the most sequences to measure, at least 1; the first ones
   */
  public HeldOutLoss(BatchSource data, int microBatch, long limit) {
    this(List.of(new Domain("held-out", 1, data)), microBatch, limit);
  }

  /**
   * @param domains with a share above 0 at least once
   * @param microBatch rows that go through the model at once
   * @param limit the most sequences to measure in all, dealt evenly to the domains, of which each
   *     gets at least one; the first ones of each
   */
  public HeldOutLoss(List<Domain> domains, int microBatch, long limit) {
    Check.that(microBatch > 0, "micro-batch", "must be at least 1, got %s", microBatch);
    Check.that(limit > 0, "limit", "must be at least 1, got %s", limit);
    Check.that(
        domains.stream().anyMatch(domain -> domain.share() > 0),
        "domains",
        "must have one with a share above 0");
    this.domains = List.copyOf(domains);
    this.microBatch = microBatch;
    this.limit = Math.max(1, limit / domains.size());
  }

  @Override
  public void measure(Llama model, long step, TrainingListener listener) {
    listener.evaluated(measure(model, step));
  }

  /**
   * Measures a model that has made so many steps.
   *
   * @throws DataException if data have no targets, or their targets cover no text
   */
  public HeldOutReport measure(Llama model, long step) {
    Map<String, HeldOutReport> reports = new LinkedHashMap<>();
    domains.forEach(domain -> reports.put(domain.name(), measure(domain, model, step)));
    return domains.size() == 1 ? reports.values().iterator().next() : total(reports, step);
  }

  private HeldOutReport measure(Domain domain, Llama model, long step) {
    TrainingObjective objective = new NextToken(new NextToken.Config(0));
    BatchSource data = domain.data();
    long sequences = Math.min(limit, data.epochLength());
    double crossEntropy = 0;
    long targets = 0;
    long bytes = 0;
    for (long first = 0; first < sequences; first += microBatch) {
      TokenBatch batch = data.batch(first, (int) Math.min(microBatch, sequences - first));
      crossEntropy += crossEntropy(model, objective, batch, first);
      targets += batch.targetCount();
      bytes += batch.textBytes();
    }
    if (targets == 0 || bytes == 0) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "the held-out data%s have %d targets that cover %d bytes of text, so there is nothing to measure; hold more documents out",
              domains.size() == 1 ? "" : " of " + domain.name(),
              targets,
              bytes));
    }
    double bits = crossEntropy / Math.log(2);
    return new HeldOutReport(step, crossEntropy / targets, bits / bytes, targets, bytes);
  }

  /** Of a text of one target, of which each domain has its share. */
  private HeldOutReport total(Map<String, HeldOutReport> reports, long step) {
    double shares = domains.stream().mapToDouble(Domain::share).sum();
    double loss = 0;
    double bytes = 0;
    for (Domain domain : domains) {
      HeldOutReport report = reports.get(domain.name());
      double share = domain.share() / shares;
      loss += share * report.loss();
      bytes += share * report.textBytes() / report.targets();
    }
    return new HeldOutReport(
        step,
        loss,
        loss / Math.log(2) / bytes,
        reports.values().stream().mapToLong(HeldOutReport::targets).sum(),
        reports.values().stream().mapToLong(HeldOutReport::textBytes).sum(),
        reports);
  }

  private static double crossEntropy(
      Llama model, TrainingObjective objective, TokenBatch batch, long first) {
    TensorBackend backend = model.backend();
    try (Scope scope = backend.scope("held-out")) {
      Tape tape = Tape.forwardOnly(backend.kernels(), scope);
      Tensor sums = scope.zeros(backend.kernels(), DType.F64, objective.terms().size());
      TrainingObjective.Forward forward = new TrainingObjective.Forward(model, tape, first, false);
      objective.accumulate(forward, batch, batch.input(backend, scope), 1, sums);
      return backend.doubles(sums)[NextToken.CROSS_ENTROPY];
    }
  }
}
