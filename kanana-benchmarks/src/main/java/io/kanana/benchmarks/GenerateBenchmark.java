package io.kanana.benchmarks;

import io.kanana.core.autograd.Parameter;
import io.kanana.core.error.ConfigException;
import io.kanana.core.generate.Generator;
import io.kanana.core.generate.Sampler;
import io.kanana.core.generate.SamplingOptions;
import io.kanana.core.model.KvCache;
import io.kanana.core.model.Llama;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.random.RandomKey;
import io.kanana.core.train.RandomTokens;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;

/** Prompts and their continuations by {@link Generator}, timed at each token. */
final class GenerateBenchmark {
  /**
   * What is asked for.
   *
   * @param prompt tokens of each sequence's prompt
   * @param tokens to generate for each, of which the first comes from the prompt's pass
   * @param batch sequences together
   * @param runs that are counted
   */
  record Plan(int prompt, int tokens, int batch, int runs) {
    Plan {
      require(prompt >= 1, "--prompt", "1", prompt);
      require(tokens >= 2, "--tokens", "2 (the first one comes with the prompt)", tokens);
      require(batch >= 1, "--batch", "1", batch);
      require(runs >= 1, "--runs", "1", runs);
    }

    private static void require(boolean valid, String option, String least, int found) {
      if (!valid) {
        throw new ConfigException(option, "must be at least " + least + ", got " + found);
      }
    }

    /** Positions of a sequence at the end. */
    int positions() {
      return prompt + tokens;
    }

    /** Passes that generate one token of each sequence. */
    int steps() {
      return tokens - 1;
    }

    /** Positions that a step finds in the cache or adds to it, on average. */
    double meanLength() {
      return prompt + (1 + steps()) / 2.0;
    }
  }

  /**
   * What was seen.
   *
   * @param promptSeconds of each run
   * @param stepSeconds of each generated token but the first, of all runs
   * @param heapBytesPerStep that a step asked for, on average
   * @param weightBytes that a step reads
   * @param cacheBytes of one position of a sequence
   */
  record Measured(
      ModelConfig model,
      double[] promptSeconds,
      double[] stepSeconds,
      double heapBytesPerStep,
      double weightBytes,
      double cacheBytes,
      OptionalLong peakResident,
      long poolPeak,
      Timed prompt,
      Timed steps) {}

  /** The kernels of one part of a further run, and how long that part took. */
  record Timed(List<KernelTimes.Row> rows, double seconds) {}

  private final Plan plan;
  private final Llama model;
  private final TimedBackend backend;
  private final Sampler sampler = new Sampler(SamplingOptions.GREEDY);
  private final KernelTimes promptTimes = new KernelTimes();
  private final KernelTimes stepTimes = new KernelTimes();
  private final long[] marks;
  private long heapAtFirstToken;
  private long heapAtLastToken;

  private GenerateBenchmark(Plan plan, Llama model, TimedBackend backend) {
    this.plan = plan;
    this.model = model;
    this.backend = backend;
    this.marks = new long[plan.tokens + 1];
  }

  /** Runs the plan with a model of that back end; both stay open. */
  static Measured run(Plan plan, Llama model, TimedBackend backend) {
    return new GenerateBenchmark(plan, model, backend).measure();
  }

  private Measured measure() {
    double[] prompts = new double[plan.runs];
    List<Double> steps = new ArrayList<>();
    generate(false);
    for (int run = 0; run < plan.runs; run++) {
      generate(false);
      prompts[run] = seconds(0, 1);
      for (int token = 1; token < plan.tokens; token++) {
        steps.add(seconds(token, token + 1));
      }
    }
    double heap = (double) (heapAtLastToken - heapAtFirstToken) / plan.steps();
    OptionalLong resident = ProcessMemory.peakResidentBytes();
    generate(true);
    return new Measured(
        model.config(),
        prompts,
        steps.stream().mapToDouble(Double::doubleValue).toArray(),
        heap,
        weightBytes(model),
        KvCache.bytesPerPosition(model.config()),
        resident,
        backend.pool().peakBytes(),
        new Timed(promptTimes.rows(), seconds(0, 1)),
        new Timed(stepTimes.rows(), seconds(1, plan.tokens)));
  }

  private double seconds(int from, int to) {
    return (marks[to] - marks[from]) / 1e9;
  }

  /** One run: marks[0] is its start, marks[i] the moment when the i-th token's logits are there. */
  private void generate(boolean timingKernels) {
    int[] prompt = RandomTokens.stream(plan.prompt, model.config().vocabularySize());
    Generator.Request marked =
        new Generator.Request(prompt, plan.tokens, new Marking(timingKernels));
    Generator.Request other = new Generator.Request(prompt, plan.tokens, new Greedy());
    List<Generator.Request> requests = new ArrayList<>(Collections.nCopies(plan.batch - 1, other));
    requests.addFirst(marked);
    if (timingKernels) {
      backend.record(promptTimes);
    }
    marks[0] = System.nanoTime();
    List<int[]> generated = new Generator(model).generate(requests);
    backend.stop();
    if (generated.stream().anyMatch(ids -> ids.length != plan.tokens)) {
      throw new IllegalStateException("a text ended early");
    }
  }

  /** Takes the most probable token and never ends. */
  private final class Greedy implements Generator.Continuation {
    @Override
    public int choose(float[] logits, int[] tokens) {
      return sampler.next(logits, tokens, RandomKey.of(0));
    }

    @Override
    public boolean accept(int token) {
      return false;
    }
  }

  /** The same, and notes the time at each token. */
  private final class Marking implements Generator.Continuation {
    private final Greedy greedy = new Greedy();
    private final boolean timingKernels;
    private int token;

    Marking(boolean timingKernels) {
      this.timingKernels = timingKernels;
    }

    @Override
    public int choose(float[] logits, int[] tokens) {
      marks[++token] = System.nanoTime();
      if (token == 1) {
        heapAtFirstToken = ProcessMemory.allocatedBytes();
        if (timingKernels) {
          backend.record(stepTimes);
        }
      }
      if (token == plan.tokens) {
        heapAtLastToken = ProcessMemory.allocatedBytes();
      }
      return greedy.choose(logits, tokens);
    }

    @Override
    public boolean accept(int chosen) {
      return greedy.accept(chosen);
    }
  }

  /** Bytes of the weights as products read them: all but an embedding that is only looked up. */
  static double weightBytes(Llama model) {
    Parameter embedding = model.parameters().getFirst();
    return model.parameters().stream()
        .filter(parameter -> parameter == model.head() || parameter != embedding)
        .mapToDouble(parameter -> Work.bytes(parameter.compute()))
        .sum();
  }

  /**
   * Operations of reading a prompt: 2 per matrix weight and token, the head only for the last token
   * of each sequence, and for each head 4 D per pair of positions of which one sees the other.
   */
  static double promptFlops(Plan plan, ModelConfig model) {
    double tokens = (double) plan.batch * plan.prompt;
    double head = (double) model.vocabularySize() * model.hiddenSize();
    double pairs = tokens * (plan.prompt + 1) / 2;
    double attention = 4.0 * model.layers() * model.heads() * model.headDim() * pairs;
    return 2 * (model.matrixParameterCount() - head) * tokens + 2 * head * plan.batch + attention;
  }

  /** Bytes of weights and cache that a step must read, on average over the steps. */
  static double bytesPerStep(Plan plan, Measured measured) {
    return measured.weightBytes + plan.batch * plan.meanLength() * measured.cacheBytes;
  }
}
