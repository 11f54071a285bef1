package io.kanana.spark.engine;

import io.kanana.data.document.DocumentSource;
import io.kanana.data.document.DocumentStream;
import io.kanana.data.document.QuarantineLog;
import io.kanana.data.filter.CorpusFilter;
import io.kanana.data.filter.run.ShardReader;
import io.kanana.data.filter.run.ShardTask;
import io.kanana.data.filter.run.Stage;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Locale;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * Something of the sources that one task reads and takes through the first stage, such as a file.
 *
 * @param number its place among all, from 0
 */
record Part(int number, DocumentSource.Config source) implements Serializable {
  PartReport read(Remote run) {
    PartReport[] report = new PartReport[1];
    Attempt.file(
        quarantine(run),
        own -> {
          try (QuarantineLog quarantine = new QuarantineLog(own)) {
            ArrayList<String> shards = read(run, quarantine);
            report[0] = new PartReport(shards, new TreeMap<>(quarantine.counts()));
          }
        });
    return report[0];
  }

  private ArrayList<String> read(Remote run, QuarantineLog quarantine) {
    Stage first = run.stage(0);
    BooleanSupplier stopped = Remote.stopped();
    ArrayList<String> names = new ArrayList<>();
    try (DocumentStream documents = source.create().open(quarantine)) {
      ShardReader reader =
          new ShardReader(documents, run.cascade().config().shards().bytes(), quarantine, stopped);
      ShardTask task = run.task(0, _ -> CorpusFilter.NOTHING);
      for (ShardReader.Shard shard = reader.next(); shard != null; shard = reader.next()) {
        names.add(String.format(Locale.ROOT, "%07d-%07d", number, names.size()));
        take(shard, task, run.work().shard(first, names.getLast()));
      }
    }
    return names;
  }

  private static void take(ShardReader.Shard shard, ShardTask task, Path target) {
    if (Files.exists(target)) {
      shard.made(target);
    } else {
      Attempt.artefact(target, own -> shard.run(task, own));
    }
  }

  /** The records of this part that are no documents. */
  Path quarantine(Remote run) {
    return run.work()
        .stage(run.stage(0))
        .resolve(String.format(Locale.ROOT, "quarantine-%07d.jsonl", number));
  }
}
