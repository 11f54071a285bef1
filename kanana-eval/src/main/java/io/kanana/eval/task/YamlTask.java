package io.kanana.eval.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.DataException;
import io.kanana.eval.filter.FilterChain;
import io.kanana.eval.metric.ChoiceScores;
import io.kanana.eval.metric.GenerationMetric;
import io.kanana.eval.metric.Score;
import io.kanana.eval.request.Context;
import io.kanana.eval.request.Request;
import io.kanana.eval.request.Response;
import io.kanana.eval.request.Spaces;
import io.kanana.eval.task.TaskDefinition.Metric;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** A task of a task file. */
final class YamlTask implements BenchmarkTask {
  private final TaskDefinition task;
  private final DataFiles data;
  private volatile Set<String> columns = Set.of();

  YamlTask(TaskDefinition task, DataFiles data) {
    this.task = task;
    this.data = data;
  }

  @Override
  public String name() {
    return task.name();
  }

  @Override
  public String version() {
    return task.version();
  }

  @Override
  public ObjectNode settings(PromptSettings settings) {
    ObjectNode printed = TaskDefinitionReader.printable(task.settings());
    return printed.put("num_fewshot", shots(settings));
  }

  private int shots(PromptSettings settings) {
    return settings.shots().orElse(task.shots().count().orElse(0));
  }

  @Override
  public List<Measure> measures() {
    List<Measure> measures = new ArrayList<>();
    for (FilterChain filter : task.filters()) {
      for (Metric metric : task.metrics()) {
        measures.add(
            new Measure(
                metric.name(), filter.name(), metric.aggregation(), metric.higherIsBetter()));
      }
    }
    return measures;
  }

  @Override
  public List<Example> examples(PromptSettings settings) {
    Documents asked = documents(task.parts().asked().orElseThrow());
    columns = asked.columns();
    int count = shots(settings);
    Pool pool = count == 0 ? new Pool(List.of(), List.of(), false) : pool();
    ShotSampler sampler =
        new ShotSampler(name(), task.shots().order(), pool.documents, settings.seed());
    PromptBuilder prompts = new PromptBuilder(task, columns, settings.chat());
    int most = Math.min(asked.rows().size(), settings.limit().orElse(Integer.MAX_VALUE));
    List<Example> examples = new ArrayList<>();
    for (int i = 0; i < most; i++) {
      ObjectNode document = asked.rows().get(i);
      List<Integer> shots = sampler.sample(count, pool.ofSamePart ? document : null);
      List<ObjectNode> shown = shots.stream().map(pool.documents::get).toList();
      int index = i;
      examples.add(
          inExample(index, () -> example(index, document, shown, pool.indexes(shots), prompts)));
    }
    return examples;
  }

  /**
   * Documents that examples are taken from.
   *
   * @param indexes of each in its part
   * @param ofSamePart whether the document that is asked about is among them
   */
  private record Pool(List<ObjectNode> documents, List<Integer> indexes, boolean ofSamePart) {
    List<Integer> indexes(List<Integer> chosen) {
      return chosen.stream().map(indexes::get).toList();
    }
  }

  private Pool pool() {
    Optional<String> part = task.parts().shots();
    if (part.isEmpty() && !task.shots().samples().isEmpty()) {
      return pool(task.shots().samples(), false);
    }
    String used =
        part.or(() -> task.parts().usualShots())
            .orElseThrow(
                () ->
                    new ConfigException(
                        "task " + name(), "has no part to take examples from; give fewshot_split"));
    boolean same = part.isPresent() && part.equals(task.parts().test());
    return pool(documents(used).rows(), same);
  }

  private Pool pool(List<ObjectNode> all, boolean ofSamePart) {
    List<Integer> indexes = new ArrayList<>(task.shots().indexes());
    if (indexes.isEmpty()) {
      for (int i = 0; i < all.size(); i++) {
        indexes.add(i);
      }
    }
    if (indexes.stream().anyMatch(index -> index >= all.size())) {
      throw new ConfigException(
          "task " + name() + ": fewshot_indices",
          "must be below " + all.size() + ", the number of documents, got " + indexes);
    }
    return new Pool(indexes.stream().map(all::get).toList(), indexes, ofSamePart);
  }

  private Documents documents(String part) {
    Documents read = data.of(name(), task.dataSet(), part);
    if (read.rows().isEmpty()) {
      throw new DataException("task " + name() + ": the part \"" + part + "\" has no documents");
    }
    List<ObjectNode> changed = new ArrayList<>();
    UnaryOperator<ObjectNode> change = task.change();
    for (int i = 0; i < read.rows().size(); i++) {
      ObjectNode document = read.rows().get(i);
      changed.add(inExample(i, () -> change.apply(document)));
    }
    return Documents.of(changed);
  }

  private interface Step<T> {
    T run();
  }

  /** Says of which document a failure is. */
  private <T> T inExample(int index, Step<T> step) {
    try {
      return step.run();
    } catch (DataException e) {
      throw new DataException(
          String.format(Locale.ROOT, "task %s, document %d: %s", name(), index, e.getMessage()), e);
    }
  }

  private Example example(
      int index,
      ObjectNode document,
      List<ObjectNode> shots,
      List<Integer> shotIndexes,
      PromptBuilder prompts) {
    Context context = prompts.prompt(document, shots);
    JsonNode gold = task.target().target(document, columns, task.choices().isPresent());
    List<Request> requests = requests(document, context, gold, prompts);
    return new Example(index, document, gold, shotIndexes, requests);
  }

  private List<Request> requests(
      ObjectNode document, Context context, JsonNode gold, PromptBuilder prompts) {
    return switch (task.type()) {
      case LOGLIKELIHOOD -> List.of(new Request.LogLikelihood(context.text(), text(gold)));
      case LOGLIKELIHOOD_ROLLING -> List.of(new Request.RollingLogLikelihood(text(gold)));
      case MULTIPLE_CHOICE -> choices(document, context, gold, prompts.choiceDelimiter());
      case GENERATE_UNTIL -> {
        List<Request> requests = new ArrayList<>();
        for (int repeat = 0; repeat < task.repeats(); repeat++) {
          requests.add(new Request.GenerateUntil(context, task.generation().orElseThrow(), repeat));
        }
        yield requests;
      }
    };
  }

  private List<Request> choices(
      ObjectNode document, Context context, JsonNode gold, String delimiter) {
    List<String> choices = choices(document);
    golds(gold, choices);
    List<Request> requests = new ArrayList<>();
    choices.forEach(
        choice -> requests.add(new Request.LogLikelihood(context.text(), delimiter + choice)));
    if (scores(ChoiceScores.MUTUAL_INFORMATION)) {
      choices.forEach(choice -> requests.add(new Request.LogLikelihood("", delimiter + choice)));
    }
    return requests;
  }

  private List<String> choices(ObjectNode document) {
    return task.choices().orElseThrow().texts(document, columns);
  }

  private boolean scores(String metric) {
    return task.metrics().stream().anyMatch(each -> each.name().equals(metric));
  }

  private static String text(JsonNode value) {
    if (!value.isValueNode() || value.isNull()) {
      throw new DataException("the answer must be text, got " + value);
    }
    return value.asText();
  }

  /** The numbers of the right choices. */
  private static List<Integer> golds(JsonNode gold, List<String> choices) {
    List<Integer> golds = new ArrayList<>();
    for (JsonNode each : gold.isArray() ? gold : List.of(gold)) {
      int index = each.isTextual() ? choices.indexOf(each.textValue()) : index(each);
      if (index < 0 || index >= choices.size()) {
        throw new DataException(
            String.format(
                Locale.ROOT,
                "the label is %s, but the %d choices are %s; correct the data, or doc_to_target",
                gold,
                choices.size(),
                choices));
      }
      golds.add(index);
    }
    if (golds.isEmpty()) {
      throw new DataException("no choice is right: the label is " + gold);
    }
    return golds;
  }

  private static int index(JsonNode label) {
    return label.isBoolean()
        ? (label.booleanValue() ? 1 : 0)
        : label.isInt() ? label.intValue() : -1;
  }

  /** Nothing: a task file knows all its questions beforehand. */
  @Override
  public Optional<Request> next(
      Example example, List<Response> responses, PromptSettings settings) {
    return Optional.empty();
  }

  @Override
  public List<Outcome> score(List<Answered> questions) {
    return questions.parallelStream()
        .map(question -> score(question.example(), question.responses()))
        .toList();
  }

  private Outcome score(Example example, List<Response> responses) {
    return inExample(
        example.index(),
        () ->
            switch (task.type()) {
              case MULTIPLE_CHOICE -> plain(choiceScores(example, responses));
              case LOGLIKELIHOOD ->
                  plain(continuation((Response.LogLikelihood) responses.getFirst()));
              case LOGLIKELIHOOD_ROLLING ->
                  plain(rolling(example, (Response.RollingLogLikelihood) responses.getFirst()));
              case GENERATE_UNTIL -> generated(example, responses);
            });
  }

  private static Outcome plain(Map<String, Score> scores) {
    Map<String, Score> keyed = new LinkedHashMap<>();
    scores.forEach((metric, score) -> keyed.put(metric + "," + FilterChain.NONE, score));
    return new Outcome(Map.of(), keyed);
  }

  private Map<String, Score> choiceScores(Example example, List<Response> responses) {
    List<String> choices = choices(example.document());
    List<Double> sums = new ArrayList<>();
    List<Boolean> greedy = new ArrayList<>();
    for (Response response : responses) {
      sums.add(((Response.LogLikelihood) response).sum());
      greedy.add(((Response.LogLikelihood) response).greedy());
    }
    ChoiceScores scores =
        new ChoiceScores(
            choices,
            sums.subList(0, choices.size()),
            greedy.subList(0, choices.size()),
            sums.subList(choices.size(), sums.size()),
            golds(example.gold(), choices));
    Set<String> metrics = new LinkedHashSet<>();
    task.metrics().forEach(metric -> metrics.add(metric.name()));
    return scores.of(metrics);
  }

  private Map<String, Score> continuation(Response.LogLikelihood response) {
    Map<String, Score> scores = new LinkedHashMap<>();
    for (Metric metric : task.metrics()) {
      boolean accuracy = metric.name().equals("acc");
      scores.put(
          metric.name(), new Score.Value(accuracy ? (response.greedy() ? 1 : 0) : response.sum()));
    }
    return scores;
  }

  private Map<String, Score> rolling(Example example, Response.RollingLogLikelihood response) {
    String text = text(example.gold());
    Map<String, Score> scores = new LinkedHashMap<>();
    for (Metric metric : task.metrics()) {
      int weight =
          metric.name().equals("word_perplexity")
              ? words(text)
              : text.getBytes(StandardCharsets.UTF_8).length;
      scores.put(metric.name(), new Score.Amount(response.sum(), weight));
    }
    return scores;
  }

  /** Pieces between runs of white space, those before the first and after the last included. */
  static int words(String text) {
    int words = 1;
    boolean before = false;
    for (int i = 0; i < text.length(); i++) {
      boolean space = Spaces.isSpace(text.charAt(i));
      words += space && !before ? 1 : 0;
      before = space;
    }
    return words;
  }

  private Outcome generated(Example example, List<Response> responses) {
    List<String> texts =
        responses.stream().map(response -> ((Response.Generated) response).text()).toList();
    List<String> references = references(example);
    Map<String, JsonNode> filtered = new LinkedHashMap<>();
    Map<String, Score> scores = new LinkedHashMap<>();
    Set<GenerationMetric> metrics = new LinkedHashSet<>();
    task.metrics().forEach(metric -> metrics.add(metric.generated().orElseThrow()));
    for (FilterChain filter : task.filters()) {
      JsonNode prediction = filter.apply(texts, example.document());
      filtered.put(filter.name(), prediction);
      var answer = new GenerationMetric.Answer(example.document(), references, prediction);
      for (GenerationMetric metric : metrics) {
        metric.score(answer).forEach((key, score) -> scores.put(key + "," + filter.name(), score));
      }
    }
    return new Outcome(filtered, scores);
  }

  private List<String> references(Example example) {
    JsonNode gold = example.gold();
    if (task.choices().isPresent() && gold.isInt()) {
      List<String> choices = choices(example.document());
      return List.of(choices.get(golds(gold, choices).getFirst()));
    }
    List<String> references = new ArrayList<>();
    for (JsonNode each : gold.isArray() ? gold : List.of(gold)) {
      references.add(text(each));
    }
    return references;
  }
}
