package io.kanana.eval.metric;

import io.kanana.eval.filter.PythonRegex;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** 1 for an answer that is one of the right ones, after what is ignored was taken away, else 0. */
public final class ExactMatch implements GenerationMetric {
  static final String NAME = "exact_match";
  private static final Pattern PUNCTUATION = Pattern.compile("[!-/:-@\\[-`{-~]");
  private static final Pattern DIGITS = Pattern.compile("[0-9]");

  private final Config config;
  private final List<Pattern> ignored = new ArrayList<>();

  /**
   * Options of {@code metric: exact_match}.
   *
   * @param regexesToIgnore Python's regular expressions, removed in order before anything else
   * @param ignorePunctuation of ASCII
   * @param ignoreNumbers digits of ASCII
   */
  public record Config(
      List<String> regexesToIgnore,
      boolean ignoreCase,
      boolean ignorePunctuation,
      boolean ignoreNumbers)
      implements GenerationMetric.Config {
    public Config {
      regexesToIgnore = List.copyOf(regexesToIgnore);
    }

    @Override
    public GenerationMetric create(MetricContext context) {
      return new ExactMatch(this);
    }
  }

  ExactMatch(Config config) {
    this.config = config;
    config.regexesToIgnore().stream()
        .map(regex -> PythonRegex.compile("regexes_to_ignore", regex))
        .forEach(ignored::add);
  }

  @Override
  public List<String> names() {
    return List.of(NAME);
  }

  @Override
  public Map<String, Score> score(Answer answer) {
    String wanted = simplified(answer.text());
    boolean right = answer.references().stream().map(this::simplified).anyMatch(wanted::equals);
    return Map.of(NAME, new Score.Value(right ? 1 : 0));
  }

  private String simplified(String text) {
    String rest = text;
    for (Pattern pattern : ignored) {
      rest = pattern.matcher(rest).replaceAll("");
    }
    rest = config.ignoreCase() ? rest.toLowerCase(Locale.ROOT) : rest;
    rest = config.ignorePunctuation() ? PUNCTUATION.matcher(rest).replaceAll("") : rest;
    return config.ignoreNumbers() ? DIGITS.matcher(rest).replaceAll("") : rest;
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
