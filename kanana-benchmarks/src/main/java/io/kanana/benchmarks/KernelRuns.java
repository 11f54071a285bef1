package io.kanana.benchmarks;

import io.kanana.core.error.BackendException;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.TensorBackends;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Starts {@link KernelBenchmark}, a JVM for each kernel and back end.
 *
 * @param threads that compute
 * @param quick a tenth of the time for each, for a first look
 */
record KernelRuns(List<String> kernels, List<String> backends, int threads, boolean quick) {
  private static final String[] INHERITED = {"-Dkanana.cache=", "-Dkanana.cpu.", "-Xmx"};

  /**
   * How long a kernel took.
   *
   * @param seconds of a call: the mean of the iterations' means
   * @param fastest mean of an iteration
   * @param slowest mean of an iteration
   */
  record Timing(String kernel, String backend, double seconds, double fastest, double slowest) {}

  /** What the JVMs print on standard error is shown only if one fails. */
  List<Timing> run() {
    PrintStream standardError = System.err;
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    try {
      System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
      Collection<RunResult> results = new Runner(options()).run();
      return results.stream().map(KernelRuns::timing).toList();
    } catch (RunnerException e) {
      throw new BackendException(
          String.format(
              Locale.ROOT,
              "kernels could not be timed: %s; %s",
              e.getMessage(),
              errors.toString(StandardCharsets.UTF_8).strip()),
          e);
    } finally {
      System.setErr(standardError);
    }
  }

  private Options options() {
    return new OptionsBuilder()
        .include(KernelBenchmark.class.getName() + "\\.")
        .param("kernel", kernels.toArray(String[]::new))
        .param("backend", backends.toArray(String[]::new))
        .param("computeThreads", Integer.toString(threads))
        .forks(1)
        .jvmArgs(JvmFlags.inherited(INHERITED).toArray(String[]::new))
        .warmupIterations(3)
        .warmupTime(iteration())
        .measurementIterations(5)
        .measurementTime(iteration())
        .shouldFailOnError(true)
        .verbosity(VerboseMode.SILENT)
        .build();
  }

  private TimeValue iteration() {
    return TimeValue.milliseconds(quick ? 100 : 1_000);
  }

  private static Timing timing(RunResult result) {
    Result<?> nanos = result.getPrimaryResult();
    return new Timing(
        result.getParams().getParam("kernel"),
        result.getParams().getParam("backend"),
        nanos.getScore() / 1e9,
        nanos.getStatistics().getMin() / 1e9,
        nanos.getStatistics().getMax() / 1e9);
  }

  /** What one call of a kernel has to do. */
  static KernelTimes.Row work(String kernel) {
    KernelTimes times = new KernelTimes();
    try (TimedBackend backend =
            new TimedBackend(TensorBackends.open(MachinePeak.BACKEND, 1), System::nanoTime);
        Scope scope = backend.scope("work")) {
      KernelInputs inputs = new KernelInputs(backend, scope);
      var call = KernelCase.named(kernel).prepare().apply(inputs);
      backend.record(times);
      call.accept(backend.kernels());
      return times.rows().getFirst();
    }
  }
}
