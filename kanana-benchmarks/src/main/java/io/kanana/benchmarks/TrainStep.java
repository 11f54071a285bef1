package io.kanana.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.kanana.core.model.Llama;
import io.kanana.core.model.Precision;
import io.kanana.core.optimize.AdamW;
import io.kanana.core.optimize.Optimizer;
import io.kanana.core.random.RandomKey;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.TensorBackends;
import io.kanana.core.train.BatchSource;
import io.kanana.core.train.NextToken;
import io.kanana.core.train.SpikeDetector;
import io.kanana.core.train.StepReport;
import io.kanana.core.train.TokenBatch;
import io.kanana.core.train.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Times one training step: {@code TrainStep SHAPE f32|bf16 THREADS STEPS [BACKEND]}. Prints one
 * line of JSON with tokens per second (median after the warm-up) and the peak of resident memory,
 * as {@code scripts/compare/torch_train_step.py} does.
 */
public final class TrainStep {
  private static final int WARM_UP = 5;

  private TrainStep() {}

  public static void main(String[] args) throws IOException {
    BenchmarkShape shape = BenchmarkShape.named(args[0]);
    Precision precision = args[1].equals("bf16") ? Precision.BF16_MIXED : Precision.F32;
    int threads = Integer.parseInt(args[2]);
    int steps = Integer.parseInt(args[3]);
    String name = args.length > 4 ? args[4] : TensorBackends.AUTO;
    try (TensorBackend backend = TensorBackends.open(name, threads)) {
      Map<String, Object> report = new LinkedHashMap<>();
      report.put("program", "kanana " + backend.name());
      report.put("backend", backend.description());
      report.put("shape", args[0]);
      report.put("precision", args[1]);
      report.put("threads", threads);
      report.putAll(time(shape, precision, steps, backend));
      System.out.println(new ObjectMapper().writeValueAsString(report));
    }
  }

  private static Map<String, Object> time(
      BenchmarkShape shape, Precision precision, int steps, TensorBackend backend)
      throws IOException {
    AdamW.Config adamW = new AdamW.Config(1e-4, 0.9, 0.95, 1e-8, 0.1, AdamW.Decay.COUPLED);
    try (Llama model = Llama.trainable(shape.model(), precision, backend);
        Optimizer optimizer = adamW.create(backend, model.parameters())) {
      model.initialise(RandomKey.of(1), 0.02);
      Trainer trainer = trainer(shape, model, optimizer);
      double[] seconds = new double[steps];
      StepReport last = null;
      for (int i = -WARM_UP; i < steps; i++) {
        last = trainer.step();
        if (i >= 0) {
          seconds[i] = last.seconds();
        }
      }
      Arrays.sort(seconds);
      double median = seconds[steps / 2];
      Map<String, Object> report = new LinkedHashMap<>();
      report.put(
          "tokensPerSecond",
          Math.round(10.0 * shape.batch() * shape.model().contextLength() / median) / 10.0);
      report.put("gigaFlopsPerSecond", Math.round(last.flops() / median / 1e9));
      report.put("peakMemoryMB", peakMemoryMegabytes());
      report.put("poolMB", backend.pool().peakBytes() >> 20);
      report.put("loss", Math.round(1e4 * last.loss()) / 1e4);
      return report;
    }
  }

  private static Trainer trainer(BenchmarkShape shape, Llama model, Optimizer optimizer) {
    Trainer.Config config = new Trainer.Config(shape.batch(), shape.batch(), 1.0, false, 10);
    SpikeDetector spikes = new SpikeDetector(new SpikeDetector.Config(0, 2, 2));
    NextToken objective = new NextToken(new NextToken.Config(0));
    return new Trainer(
        model,
        optimizer,
        step -> 1,
        objective,
        new OneBatch(shape),
        spikes,
        config,
        System::nanoTime);
  }

  private static long peakMemoryMegabytes() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return -1;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
        .findFirst()
        .orElse(-1);
  }

  /** The same random tokens every step, one document a row. */
  private record OneBatch(BenchmarkShape shape) implements BatchSource {
    @Override
    public int contextLength() {
      return shape.model().contextLength();
    }

    @Override
    public long epochLength() {
      return shape.batch();
    }

    @Override
    public TokenBatch batch(long firstSequence, int rows) {
      int time = contextLength();
      int[] tokens = new int[rows * time];
      int[] targets = new int[rows * time];
      int[] positions = new int[rows * time];
      RandomKey key = RandomKey.of(2);
      for (int i = 0; i < tokens.length; i++) {
        tokens[i] = key.below(i, shape.model().vocabularySize());
        targets[i] = key.below(i + 1, shape.model().vocabularySize());
        positions[i] = i % time;
      }
      return new TokenBatch(rows, time, tokens, targets, positions, new int[tokens.length], 0);
    }

    @Override
    public String fingerprint() {
      return "one batch";
    }
  }
}
