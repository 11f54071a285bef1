package io.kanana.eval.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.config.Binder;
import io.kanana.core.config.Names;
import io.kanana.core.error.ConfigException;
import io.kanana.core.extension.Extensions;
import io.kanana.eval.metric.Aggregation;
import io.kanana.eval.metric.Aggregations;
import io.kanana.eval.metric.ChoiceScores;
import io.kanana.eval.metric.GenerationMetric;
import io.kanana.eval.metric.MetricContext;
import io.kanana.eval.task.TaskDefinition.Metric;
import io.kanana.eval.task.TaskDefinition.OutputType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads {@code metric_list}: metrics of log-likelihoods, or of generated texts. */
final class TaskMetrics {
  private static final Set<String> ABOUT_SCORES =
      Set.of("metric", "aggregation", "higher_is_better", "hf_evaluate");

  private static final Map<String, Aggregation> ROLLING =
      Map.of(
          "word_perplexity", Aggregations.WEIGHTED_PERPLEXITY,
          "byte_perplexity", Aggregations.WEIGHTED_PERPLEXITY,
          "bits_per_byte", Aggregations.BITS_PER_BYTE);

  private static final Map<String, Aggregation> CONTINUATION =
      Map.of("acc", Aggregations.MEAN, "perplexity", Aggregations.PERPLEXITY);

  private static final Set<String> LOWER_IS_BETTER =
      Set.of("word_perplexity", "byte_perplexity", "bits_per_byte", "perplexity", "brier_score");

  private final Extensions extensions;
  private final MetricContext context;

  /**
   * @param extensions that have metrics of generated texts
   */
  TaskMetrics(Extensions extensions, MetricContext context) {
    this.extensions = extensions;
    this.context = context;
  }

  List<Metric> read(TaskFields fields, OutputType type) {
    List<Metric> metrics = new ArrayList<>();
    for (TaskFields each :
        fields.has("metric_list") ? fields.sections("metric_list") : usual(type)) {
      fields.tried(() -> metric(each, type)).ifPresent(metrics::addAll);
    }
    return metrics;
  }

  private static List<TaskFields> usual(OutputType type) {
    List<String> names =
        switch (type) {
          case MULTIPLE_CHOICE -> List.of("acc", "acc_norm");
          case LOGLIKELIHOOD -> List.of("perplexity", "acc");
          case LOGLIKELIHOOD_ROLLING ->
              List.of("word_perplexity", "byte_perplexity", "bits_per_byte");
          case GENERATE_UNTIL -> List.of("exact_match");
        };
    return names.stream()
        .map(name -> JsonNodeFactory.instance.objectNode().put("metric", name))
        .map(node -> new TaskFields("metric_list", node))
        .toList();
  }

  private List<Metric> metric(TaskFields fields, OutputType type) {
    Optional<FunctionName> function = fields.function("metric");
    String name =
        function.isPresent()
            ? TaskFunctions.metric(fields.where("metric"), function.get())
            : fields.text("metric").orElse("");
    return switch (type) {
      case MULTIPLE_CHOICE -> List.of(scored(fields, name, ChoiceScores.AGGREGATIONS));
      case LOGLIKELIHOOD -> List.of(scored(fields, name, CONTINUATION));
      case LOGLIKELIHOOD_ROLLING -> List.of(scored(fields, name, ROLLING));
      case GENERATE_UNTIL -> generated(fields, name);
    };
  }

  /** A metric of log-likelihoods; options that are the aggregation's business are let be. */
  private static Metric scored(TaskFields fields, String name, Map<String, Aggregation> known) {
    Aggregation usual = known.get(name);
    if (usual == null) {
      throw new ConfigException(
          fields.where("metric"),
          "unknown metric \"" + name + "\"; " + Names.suggestion(name, known.keySet()));
    }
    return new Metric(
        name,
        aggregation(fields, usual),
        fields.flag("higher_is_better", !LOWER_IS_BETTER.contains(name)),
        Optional.empty());
  }

  private static Aggregation aggregation(TaskFields fields, Aggregation usual) {
    Optional<FunctionName> function = fields.function("aggregation");
    if (function.isPresent()) {
      return TaskFunctions.aggregation(fields.where("aggregation"), function.get());
    }
    return fields.text("aggregation").<Aggregation>map(Aggregations::named).orElse(usual);
  }

  private List<Metric> generated(TaskFields fields, String name) {
    GenerationMetric metric = create(fields, name);
    boolean higher = fields.flag("higher_is_better", metric.higherIsBetter());
    return metric.names().stream()
        .map(
            each ->
                new Metric(
                    each,
                    aggregation(fields, metric.aggregation(each)),
                    higher,
                    Optional.of(metric)))
        .toList();
  }

  private GenerationMetric create(TaskFields fields, String name) {
    String extension = name.replace('_', '-');
    var found = extensions.find(GenerationMetric.Config.class, extension);
    if (found.isEmpty()) {
      throw new ConfigException(
          fields.where("metric"),
          "unknown metric of generated texts \""
              + name
              + "\"; "
              + Names.suggestion(extension, extensions.names(GenerationMetric.Config.class)));
    }
    ObjectNode options = found.get().defaultTree();
    for (Map.Entry<String, JsonNode> option : fields.without(ABOUT_SCORES).properties()) {
      options.set(option.getKey().toLowerCase(Locale.ROOT).replace('_', '-'), option.getValue());
    }
    try {
      Class<? extends Record> type = found.get().config().asSubclass(Record.class);
      Record bound = new Binder(extensions).bind(type, options).config();
      return ((GenerationMetric.Config) bound).create(context);
    } catch (ConfigException e) {
      throw e.below(fields.where(name));
    }
  }
}
