package io.kanana.benchmarks;

import io.kanana.core.tensor.TensorBackendProvider;
import io.kanana.core.tensor.TensorBackends;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "kernels",
    description = {
      "Time single kernels at the sizes of the shape 13m, on each back end.",
      "Each runs in a JVM of its own: 8 seconds and a start, with --quick less than one."
    },
    mixinStandardHelpOptions = true)
final class KernelsCommand implements Runnable {
  @Spec private CommandSpec spec;
  @Mixin private ThreadArguments threads;
  @Mixin private JsonArguments json;

  @Option(
      names = "--filter",
      paramLabel = "REGEX",
      defaultValue = "",
      description = "Only the kernels in whose name this is found.")
  private String filter;

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      split = ",",
      description = "Which back ends; all that run here if not given.")
  private List<String> chosen = List.of();

  @Option(names = "--quick", description = "A tenth of the time, for a first look.")
  private boolean quick;

  @Override
  public void run() {
    List<String> kernels = KernelCase.matching(filter);
    KernelRuns runs = new KernelRuns(kernels, backends(), threads.count(), quick);
    MachinePeak before = PeakProcess.measure(threads.count());
    List<KernelRuns.Timing> timings = runs.run();
    MachinePeak after = PeakProcess.measure(threads.count());
    KernelsReport report = new KernelsReport(runs, timings, before, after);
    PrintWriter out = spec.commandLine().getOut();
    report.print(out);
    out.flush();
    json.write(report.json());
  }

  /** Those that were named are opened once, so that a wrong name is refused before all work. */
  private List<String> backends() {
    if (chosen.isEmpty()) {
      return TensorBackends.providers().stream()
          .filter(provider -> provider.obstacle().isEmpty())
          .map(TensorBackendProvider::name)
          .toList();
    }
    chosen.forEach(name -> TensorBackends.open(name, threads.count()).close());
    return chosen;
  }
}
