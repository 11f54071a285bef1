package io.kanana.eval.metric;

import com.fasterxml.jackson.databind.JsonNode;
import io.kanana.core.config.Check;
import io.kanana.core.error.ConfigException;
import io.kanana.eval.execute.Limits;
import io.kanana.eval.execute.PassAtK;
import io.kanana.eval.execute.Program;
import io.kanana.eval.execute.SolutionTests;
import io.kanana.eval.execute.Verdict;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Runs the programs that a model wrote against their tests: the prediction is one program or
 * several, the reference the tests.
 */
public final class CodeSolutions implements GenerationMetric {
  private final Config config;
  private final SolutionTests tests;

  /**
   * Options of {@code metric: pass_at_k}.
   *
   * @param k a figure for each
   *     <p>A task file may come from anywhere, so it cannot name a file to be executed, nor ask for
   *     more than is usual of the machine.
   * @param python the interpreter of the programs: {@code python3.11}, found on the PATH
   * @param modules that tests import and Python does not bring; without one every test would fail
   * @param limits at most the usual ones
   */
  public record Config(List<Integer> k, String python, List<String> modules, Limits limits)
      implements GenerationMetric.Config {
    public Config {
      k = List.copyOf(k);
      modules = List.copyOf(modules);
      Check.that(
          !k.isEmpty() && k.stream().allMatch(each -> each > 0),
          "k",
          "must be numbers from 1 on, got %s",
          k);
      Check.that(
          python.matches("python[0-9.]*"),
          "python",
          "must be python or python3 or one with its version, found on the PATH, got %s",
          python);
      Check.that(
          limits.within(Limits.USUAL),
          "limits",
          "must be at most %s, got %s",
          Limits.USUAL,
          limits);
    }

    @Override
    public GenerationMetric create(MetricContext context) {
      SolutionTests tests = context.sandbox(python, limits);
      modules.forEach(module -> checkModule(tests, module));
      return new CodeSolutions(this, tests);
    }

    private void checkModule(SolutionTests tests, String module) {
      Check.that(
          module.matches("\\w+(\\.\\w+)*"), "modules", "must be names of modules, got %s", module);
      Verdict verdict = tests.run(new Program("pass", "import " + module));
      if (!verdict.passed()) {
        throw new ConfigException(
            "modules",
            String.format(
                Locale.ROOT,
                "the tests import %s, which %s cannot (%s); install it for that Python, or name another python",
                module,
                python,
                verdict.detail()));
      }
    }
  }

  private CodeSolutions(Config config, SolutionTests tests) {
    this.config = config;
    this.tests = tests;
  }

  private static String name(int k) {
    return "pass@" + k;
  }

  @Override
  public List<String> names() {
    return config.k().stream().map(CodeSolutions::name).toList();
  }

  @Override
  public Map<String, Score> score(Answer answer) {
    List<String> programs = new ArrayList<>();
    JsonNode prediction = answer.prediction();
    (prediction.isArray() ? prediction : List.of(prediction))
        .forEach(program -> programs.add(program.asText()));
    String test = answer.references().getFirst();
    int right = 0;
    for (String program : programs) {
      right += tests.run(new Program(program, test)).passed() ? 1 : 0;
    }
    checkEnough(programs.size());
    Map<String, Score> scores = new LinkedHashMap<>();
    for (int k : config.k()) {
      scores.put(name(k), new Score.Value(PassAtK.of(programs.size(), right, k)));
    }
    return scores;
  }

  private void checkEnough(int programs) {
    int most = Collections.max(config.k());
    if (programs < most) {
      throw new ConfigException(
          "k",
          String.format(
              Locale.ROOT,
              "is up to %d, but there are %d programs for a problem; raise the task's repeats",
              most,
              programs));
    }
  }

  @Override
  public Aggregation aggregation(String name) {
    return Aggregations.MEAN;
  }

  @Override
  public boolean higherIsBetter() {
    return true;
  }
}
