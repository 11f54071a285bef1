package io.kanana.data.filter.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.config.Binder;
import io.kanana.core.config.Yaml;
import io.kanana.core.error.ConfigException;
import io.kanana.core.extension.Extensions;
import io.kanana.core.random.RandomKey;
import io.kanana.core.tokenizer.BytePairTokenizer;
import io.kanana.core.tokenizer.Tokenizer;
import io.kanana.core.tokenizer.Tokenizers;
import io.kanana.data.filter.CascadeStep;
import io.kanana.data.filter.CorpusFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/**
 * The steps of a configuration with their lists and models, ready to be applied. Made of the same
 * configuration, it does the same on every machine. Safe for use by several threads at once.
 *
 * <p>It owns its steps, which end with it; on a cluster it lasts as long as its process.
 */
public final class Cascade implements AutoCloseable {
  private final FilterConfig config;
  private final List<NamedStep> steps;
  private final List<Stage> stages;
  private final Passage.Plan plan;
  private final LongSupplier nanoTime;

  private Cascade(FilterConfig config, List<NamedStep> steps, LongSupplier nanoTime) {
    this.config = config;
    this.steps = List.copyOf(steps);
    this.stages = Stage.of(steps);
    this.nanoTime = nanoTime;
    this.plan =
        new Passage.Plan(
            steps.stream().map(NamedStep::name).toList(),
            new Surveyor(config.fields(), config.labels().field(), tokens(config)),
            config.samples(),
            RandomKey.of(config.seed()).child("samples"));
  }

  /**
   * @param names of the steps
   * @param preparing is told the name of each step before it is made
   * @param nanoTime for the time that each step takes
   */
  static Cascade of(
      FilterConfig config, List<String> names, Consumer<String> preparing, LongSupplier nanoTime) {
    List<NamedStep> steps = new ArrayList<>();
    try {
      for (int i = 0; i < names.size(); i++) {
        preparing.accept(names.get(i));
        steps.add(new NamedStep(names.get(i), create(config.steps().get(i), i)));
      }
      return new Cascade(config, steps, nanoTime);
    } catch (RuntimeException | Error e) {
      closed(steps).ifPresent(e::addSuppressed);
      throw e;
    }
  }

  /**
   * That of a resolved configuration, for a machine that has no more than its text.
   *
   * @param loader where extensions are found
   */
  public static Cascade of(String configYaml, ClassLoader loader) {
    ObjectNode tree = Yaml.read(configYaml);
    List<String> names = NamedStep.names(tree.get("steps"));
    tree.remove("job");
    FilterConfig config =
        new Binder(Extensions.load(loader)).bind(FilterConfig.class, tree).config();
    return of(config, names, _ -> {}, System::nanoTime);
  }

  private static CascadeStep create(CascadeStep.Config config, int index) {
    try {
      return config.create();
    } catch (ConfigException e) {
      throw e.below("steps[" + index + "]");
    }
  }

  private static ToLongFunction<String> tokens(FilterConfig config) {
    if (config.tokenizer().isEmpty()) {
      return _ -> 0;
    }
    BytePairTokenizer tokenizer = Tokenizers.load(config.tokenizer().get());
    return text -> tokenizer.encode(text, Tokenizer.Specials.NONE).length;
  }

  /** What it was made of. */
  public FilterConfig config() {
    return config;
  }

  /** The names of the steps; {@code length-2} is the second of a type. */
  public List<String> names() {
    return plan.steps();
  }

  /** The stages that the steps fall into; at least one. */
  public List<Stage> stages() {
    return stages;
  }

  /** The filter whose decision a later stage begins with. */
  public CorpusFilter filter(Stage stage) {
    return (CorpusFilter) steps.get(stage.first()).step();
  }

  /** The time that steps are measured by, in nanoseconds. */
  long nanoTime() {
    return nanoTime.getAsLong();
  }

  /**
   * The work that a stage does to each shard.
   *
   * @param findings of the decision that the stage begins with, by place; not used by the first
   *     stage
   * @param stopped whether to break off
   */
  public ShardTask task(Stage stage, LongFunction<byte[]> findings, BooleanSupplier stopped) {
    boolean last = stage.end() == steps.size();
    return new ShardTask(
        plan,
        stage,
        last,
        posts(stage, findings),
        last ? null : (CorpusFilter) steps.get(stage.end()).step(),
        nanoTime,
        stopped);
  }

  private List<Passage.Post> posts(Stage stage, LongFunction<byte[]> findings) {
    List<Passage.Post> posts = new ArrayList<>();
    for (int i = stage.first(); i < stage.end(); i++) {
      NamedStep step = steps.get(i);
      posts.add(new Passage.Post(i, step.name(), Judge.of(step, findings)));
    }
    return posts;
  }

  @Override
  public void close() {
    closed(steps)
        .ifPresent(
            failure -> {
              throw failure;
            });
  }

  /** Closes every step, whatever others do; the first failure, if there is one. */
  private static Optional<RuntimeException> closed(List<NamedStep> steps) {
    List<RuntimeException> failures = new ArrayList<>();
    for (NamedStep step : steps) {
      try {
        step.step().close();
      } catch (RuntimeException e) {
        failures.add(e);
      }
    }
    return failures.stream().findFirst();
  }
}
