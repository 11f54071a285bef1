package io.kanana.pretrain;

import io.kanana.core.config.Check;
import io.kanana.core.job.JobConfig;
import io.kanana.data.document.DocumentSource;
import io.kanana.data.mixture.MixtureConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Settings of the job that ends with token shards.
 *
 * @param output where everything goes
 * @param seed as every job has one; nothing here is random
 * @param compute the machine's part
 * @param data documents, and the share of them that is held out
 * @param tokenizer trained on the documents, or given
 */
public record TokenizeConfig(
    Path output, long seed, Compute compute, Data data, TokenizerChoice tokenizer)
    implements JobConfig {
  /**
   * @param threads where it is absent, every processor
   */
  public record Compute(OptionalInt threads) {
    public Compute {
      Check.that(threads.orElse(1) > 0, "threads", "must be at least 1, got %s", threads.orElse(0));
    }

    int threadCount() {
      return threads.orElseGet(() -> Runtime.getRuntime().availableProcessors());
    }
  }

  /**
   * @param documents sources, one after the other
   * @param mixture domains, in place of documents; their weights are for those who train on them
   * @param heldOutShare the share of documents that is put aside, of each domain
   */
  public record Data(
      Optional<List<DocumentSource.Config>> documents,
      Optional<MixtureConfig> mixture,
      double heldOutShare) {
    public Data {
      Sources.check(documents, mixture, heldOutShare);
    }

    Sources sources() {
      return Sources.of(documents, mixture, heldOutShare);
    }
  }
}
