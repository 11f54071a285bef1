package io.kanana.eval.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.kanana.core.config.Names;
import io.kanana.eval.filter.FilterChain;
import io.kanana.eval.filter.ResponseFilter;
import io.kanana.eval.filter.ResponseFilters;
import io.kanana.eval.request.Generation;
import io.kanana.eval.task.TaskDefinition.Delimiters;
import io.kanana.eval.task.TaskDefinition.OutputType;
import io.kanana.eval.task.TaskDefinition.Parts;
import io.kanana.eval.task.TaskDefinition.Prefix;
import io.kanana.eval.task.TaskDefinition.Shots;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Reads the keys of one task, with the defaults of lm-evaluation-harness. */
final class TaskDefinitionReader {
  private static final Set<String> KEYS =
      Set.of(
          "task",
          "task_alias",
          "tag",
          "dataset_path",
          "dataset_name",
          "dataset_kwargs",
          "training_split",
          "validation_split",
          "test_split",
          "fewshot_split",
          "process_docs",
          "doc_to_text",
          "doc_to_target",
          "doc_to_choice",
          "description",
          "target_delimiter",
          "fewshot_delimiter",
          "fewshot_config",
          "num_fewshot",
          "metric_list",
          "output_type",
          "generation_kwargs",
          "repeats",
          "filter_list",
          "gen_prefix",
          "metadata",
          "unsafe_code",
          "should_decontaminate",
          "doc_to_decontamination_query");

  private static final Set<String> UNSUPPORTED =
      Set.of(
          "class",
          "custom_dataset",
          "doc_to_image",
          "doc_to_audio",
          "process_results",
          "use_prompt");

  private static final Set<String> LOCAL = Set.of("json", "csv", "parquet", "text");

  /** Of the Hugging Face library, and of no use without it. */
  private static final Set<String> DATASET_KEYS = Set.of("data_files", "trust_remote_code");

  private static final String USUAL_PART = "train";
  private static final int USUAL_TOKENS = 256;
  private static final List<String> LENGTH_KEYS =
      List.of("max_gen_toks", "max_new_tokens", "max_tokens", "max_completion_tokens");

  private final ObjectNode config;
  private final TaskFields fields;
  private final String name;

  private TaskDefinitionReader(String name, ObjectNode config) {
    this.name = name;
    this.config = config;
    this.fields = new TaskFields("task " + name, config);
  }

  /**
   * The task of a file.
   *
   * @throws io.kanana.core.error.ConfigException with every problem of it
   */
  static TaskDefinition read(String name, ObjectNode config, TaskMetrics metrics) {
    return new TaskDefinitionReader(name, config).read(metrics);
  }

  private TaskDefinition read(TaskMetrics metrics) {
    fields.allow(KEYS, UNSUPPORTED);
    OutputType type = type();
    DocumentRule none = DocumentRule.of(fields.where("doc_to_text"), TextNode.valueOf(""));
    Optional<DocumentRule> text = fields.rule("doc_to_text");
    Optional<DocumentRule> target = fields.rule("doc_to_target");
    Optional<DocumentRule> choices = fields.rule("doc_to_choice");
    Parts parts = parts();
    require(type, parts, text, target, choices);
    Delimiters delimiters = delimiters(fields, new Delimiters(" ", "\n\n"));
    TaskDefinition definition =
        new TaskDefinition(
            name,
            fields.section("metadata").node("version").asText("0"),
            type,
            dataSet(Stream.of(text, target, choices).flatMap(Optional::stream).toList()),
            parts,
            change(),
            text.orElse(none),
            target.orElse(none),
            choices,
            fields.rule("description"),
            prefix(),
            delimiters,
            shots(delimiters),
            metrics.read(fields, type),
            type == OutputType.GENERATE_UNTIL
                ? Optional.of(generation(delimiters))
                : Optional.empty(),
            fields.whole("repeats", 1).orElse(1),
            filters(type),
            config);
    fields.check();
    return definition;
  }

  private OutputType type() {
    String given = fields.text("output_type").orElse("generate_until");
    for (OutputType type : OutputType.values()) {
      if (type.name().toLowerCase(Locale.ROOT).equals(given)) {
        return type;
      }
    }
    List<String> known =
        Stream.of(OutputType.values()).map(type -> type.name().toLowerCase(Locale.ROOT)).toList();
    fields.problem(
        "output_type", "unknown type \"" + given + "\"; " + Names.suggestion(given, known));
    return OutputType.GENERATE_UNTIL;
  }

  private void require(
      OutputType type,
      Parts parts,
      Optional<DocumentRule> text,
      Optional<DocumentRule> target,
      Optional<DocumentRule> choices) {
    if (text.isEmpty() && !fields.has("doc_to_text")) {
      fields.problem("doc_to_text", "is missing; say what the model is asked");
    }
    if (target.isEmpty() && !fields.has("doc_to_target")) {
      fields.problem("doc_to_target", "is missing; say what is right");
    }
    if (type == OutputType.MULTIPLE_CHOICE && choices.isEmpty() && !fields.has("doc_to_choice")) {
      fields.problem("doc_to_choice", "is missing; say what there is to choose from");
    }
    if (parts.asked().isEmpty()) {
      fields.problem("test_split", "is missing; name the part that is asked about");
    }
  }

  private Parts parts() {
    return new Parts(
        fields.text("training_split"),
        fields.text("validation_split"),
        fields.text("test_split"),
        fields.text("fewshot_split"));
  }

  private DataFiles.DataSet dataSet(List<DocumentRule> rules) {
    Optional<String> path = fields.text("dataset_path");
    if (path.isEmpty()) {
      fields.problem("dataset_path", "is missing; name the data set, or json with data_files");
    }
    TaskFields options = fields.section("dataset_kwargs");
    Map<String, List<String>> files = files(options);
    if (path.filter(LOCAL::contains).isPresent() && files.isEmpty()) {
      fields.problem("dataset_kwargs", "must have data_files that say where the documents are");
    }
    Set<String> columns = new TreeSet<>();
    rules.forEach(rule -> columns.addAll(rule.names()));
    TaskFields about = fields.section("metadata");
    columns.addAll(about.texts("columns"));
    columns.remove("");
    return new DataFiles.DataSet(
        path.orElse(""),
        fields.text("dataset_name").orElse(""),
        files,
        List.copyOf(columns),
        about.text("source"));
  }

  private static Map<String, List<String>> files(TaskFields options) {
    options.allow(DATASET_KEYS, Set.of());
    Map<String, List<String>> files = new LinkedHashMap<>();
    if (options.node("data_files").isObject()) {
      TaskFields byPart = options.section("data_files");
      options.node("data_files").fieldNames().forEachRemaining(p -> files.put(p, byPart.texts(p)));
    } else if (options.has("data_files")) {
      files.put(USUAL_PART, options.texts("data_files"));
    }
    return files;
  }

  private UnaryOperator<ObjectNode> change() {
    if (!fields.has("process_docs")) {
      return UnaryOperator.identity();
    }
    Optional<FunctionName> function = fields.function("process_docs");
    if (function.isEmpty()) {
      fields.problem("process_docs", "must be a !function, got " + fields.node("process_docs"));
      return UnaryOperator.identity();
    }
    return fields
        .tried(() -> TaskFunctions.documents(fields.where("process_docs"), function.get()))
        .orElse(UnaryOperator.identity());
  }

  private static Delimiters delimiters(TaskFields from, Delimiters usual) {
    return new Delimiters(
        from.text("target_delimiter").orElse(usual.target()),
        from.text("fewshot_delimiter").orElse(usual.shots()));
  }

  private Optional<Prefix> prefix() {
    return fields
        .rule("gen_prefix")
        .map(rule -> new Prefix(rule, fields.node("gen_prefix").asText()));
  }

  private Shots shots(Delimiters usual) {
    TaskFields own = fields.section("fewshot_config");
    own.allow(
        Set.of(
            "sampler",
            "split",
            "samples",
            "fewshot_indices",
            "doc_to_text",
            "doc_to_target",
            "doc_to_choice",
            "gen_prefix",
            "fewshot_delimiter",
            "target_delimiter"),
        Set.of("process_docs"));
    return new Shots(
        fields.whole("num_fewshot", 0),
        order(own),
        samples(own),
        indexes(own),
        own.rule("doc_to_text"),
        own.rule("doc_to_target"),
        own.rule("doc_to_choice"),
        own.rule("gen_prefix"),
        delimiters(own, usual));
  }

  private static ShotSampler.Order order(TaskFields own) {
    return switch (own.text("sampler").orElse("default")) {
      case "default" -> ShotSampler.Order.SEEDED;
      case "first_n" -> ShotSampler.Order.FIRST;
      default -> {
        own.problem("sampler", "must be default or first_n, got " + own.node("sampler"));
        yield ShotSampler.Order.SEEDED;
      }
    };
  }

  private static List<ObjectNode> samples(TaskFields own) {
    Optional<FunctionName> function = own.function("samples");
    if (function.isPresent()) {
      own.problem(
          "samples",
          "names the Python function "
              + function.get().qualified()
              + ", which is not run; write the examples here, or name a part in fewshot_split");
      return List.of();
    }
    return own.sections("samples").stream().map(sample -> sample.without(Set.of())).toList();
  }

  private static List<Integer> indexes(TaskFields own) {
    List<Integer> indexes = new ArrayList<>();
    for (JsonNode index : own.node("fewshot_indices")) {
      if (!index.isInt() || index.intValue() < 0) {
        own.problem("fewshot_indices", "must be whole numbers from 0 on, got " + index);
      }
      indexes.add(index.asInt());
    }
    return indexes;
  }

  private Generation generation(Delimiters delimiters) {
    TaskFields own = fields.section("generation_kwargs");
    Set<String> known = new TreeSet<>(LENGTH_KEYS);
    known.addAll(Set.of("until", "do_sample", "temperature", "top_p"));
    own.allow(known, Set.of());
    List<String> until = own.has("until") ? own.texts("until") : List.of(delimiters.shots());
    int length =
        LENGTH_KEYS.stream()
            .flatMapToInt(key -> own.whole(key, 1).stream())
            .findFirst()
            .orElse(USUAL_TOKENS);
    boolean draws = own.flag("do_sample", own.number("temperature", 0) > 0);
    return own.tried(
            () ->
                new Generation(
                    until.stream().filter(end -> !end.isEmpty()).toList(),
                    length,
                    draws ? own.number("temperature", 1) : 0,
                    draws ? own.number("top_p", 1) : 1))
        .orElse(Generation.greedy(length, List.of()));
  }

  private List<FilterChain> filters(OutputType type) {
    List<TaskFields> given = fields.sections("filter_list");
    if (given.isEmpty()) {
      return List.of(ResponseFilters.usual());
    }
    if (type != OutputType.GENERATE_UNTIL) {
      fields.problem("filter_list", "filters generated texts; this task generates none");
    }
    List<FilterChain> chains = new ArrayList<>();
    for (TaskFields chain : given) {
      chain.allow(Set.of("name", "filter"), Set.of());
      List<ResponseFilter> steps = new ArrayList<>();
      chain.sections("filter").forEach(step -> filter(step).ifPresent(steps::add));
      chains.add(new FilterChain(chain.text("name").orElse(FilterChain.NONE), steps));
    }
    return chains;
  }

  private static Optional<ResponseFilter> filter(TaskFields step) {
    String function = step.text("function").orElse("");
    if (!function.equals("custom")) {
      ObjectNode options = step.without(Set.of("function"));
      return step.tried(() -> ResponseFilters.named(step.where("function"), function, options));
    }
    Optional<FunctionName> named = step.function("filter_fn");
    if (named.isEmpty()) {
      step.problem("filter_fn", "must be a !function");
      return Optional.empty();
    }
    return step.tried(
        () -> ResponseFilters.each(TaskFunctions.filter(step.where("filter_fn"), named.get())));
  }

  /** The settings without what Java cannot print: functions by their names. */
  static ObjectNode printable(ObjectNode config) {
    ObjectNode copy = JsonNodeFactory.instance.objectNode();
    config.properties().forEach(e -> copy.set(e.getKey(), printable(e.getValue())));
    return copy;
  }

  private static JsonNode printable(JsonNode value) {
    if (value instanceof ObjectNode object) {
      return printable(object);
    }
    if (value.isArray()) {
      var list = JsonNodeFactory.instance.arrayNode();
      value.forEach(item -> list.add(printable(item)));
      return list;
    }
    return value instanceof com.fasterxml.jackson.databind.node.POJONode pojo
            && pojo.getPojo() instanceof FunctionName name
        ? TextNode.valueOf("!function " + name.name())
        : value;
  }
}
