package io.kanana.eval.judge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.chat.ChatClient;
import io.kanana.core.chat.ChatEndpoint;
import io.kanana.core.config.Check;
import io.kanana.core.config.Names;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.DataException;
import io.kanana.eval.filter.FilterChain;
import io.kanana.eval.metric.Aggregation;
import io.kanana.eval.metric.Aggregations;
import io.kanana.eval.metric.Score;
import io.kanana.eval.request.Context;
import io.kanana.eval.request.Generation;
import io.kanana.eval.request.Message;
import io.kanana.eval.request.Request;
import io.kanana.eval.request.Response;
import io.kanana.eval.task.BenchmarkTask;
import io.kanana.eval.task.DataFiles;
import io.kanana.eval.task.PromptSettings;
import io.kanana.eval.task.TaskLibrary;
import io.kanana.eval.task.TaskTree;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Conversations of several turns whose answers a judge rates: MT-Bench, LogicKor, KoMT-Bench. Each
 * turn is asked with the model's own answers before it in view. The mean rating is of turns; those
 * without a rating are in no mean and are counted in {@code unrated}, a share of all turns.
 */
public final class JudgedTask implements BenchmarkTask {
  private static final String RATING = "rating";
  private static final String UNRATED = "unrated";

  private final Config config;
  private final DataFiles data;
  private volatile List<Measure> measures = List.of();

  /**
   * Settings of {@code type: judged}.
   *
   * @param rubric how answers are judged; also the name of the task
   * @param questions a file of the benchmark's questions, with the fields {@code turns}, {@code
   *     questions} or {@code prompt} (a list), and where there are any an id ({@code question_id},
   *     {@code prompt_id}, {@code id}), {@code category} and {@code reference} or {@code
   *     references}
   * @param maxTokens of an answer of the model; the judge's are in {@code judge}
   * @param judge who is asked
   * @param judgements a file that keeps what the judge said; several runs may share one
   */
  public record Config(
      Rubric rubric, Path questions, int maxTokens, ChatEndpoint judge, Path judgements)
      implements BenchmarkTask.Config {
    public Config {
      Check.that(maxTokens > 0, "max-tokens", "must be at least 1, got %s", maxTokens);
    }

    @Override
    public TaskTree create(TaskLibrary library) {
      return new TaskTree.Leaf(new JudgedTask(this, library.data()));
    }
  }

  private JudgedTask(Config config, DataFiles data) {
    this.config = config;
    this.data = data;
  }

  @Override
  public String name() {
    return Names.of(config.rubric());
  }

  @Override
  public String version() {
    return "1.0";
  }

  @Override
  public ObjectNode settings(PromptSettings settings) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("rubric", Names.of(config.rubric()))
        .put("judge", config.judge().model())
        .put("judge_url", config.judge().url())
        .put("max_tokens", config.maxTokens());
  }

  @Override
  public List<Example> examples(PromptSettings settings) {
    config.judge().open().close(); // a key that is missing is told before the model answers
    List<ObjectNode> documents = data.documents(name(), config.questions());
    int most = Math.min(documents.size(), settings.limit().orElse(Integer.MAX_VALUE));
    List<Example> examples = new ArrayList<>();
    for (int i = 0; i < most; i++) {
      ObjectNode document = documents.get(i);
      Request first = request(questions(i, document), List.of(), settings);
      examples.add(new Example(i, document, references(document), List.of(), List.of(first)));
    }
    measures = measures(examples);
    return examples;
  }

  private static JsonNode first(ObjectNode document, String... fields) {
    for (String field : fields) {
      if (document.hasNonNull(field)) {
        return document.get(field);
      }
    }
    return JsonNodeFactory.instance.missingNode();
  }

  private List<String> questions(int index, ObjectNode document) {
    List<String> turns = texts(first(document, "turns", "questions", "prompt"));
    if (turns.isEmpty()) {
      throw new DataException(
          config.questions()
              + ", question "
              + index
              + ": has no list of texts \"turns\", \"questions\" or \"prompt\"; name the file of the"
              + " benchmark's questions");
    }
    return turns;
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    for (JsonNode text : list.isArray() ? list : List.<JsonNode>of()) {
      texts.add(text.isNull() ? "" : text.asText());
    }
    return texts;
  }

  private static JsonNode references(ObjectNode document) {
    JsonNode found = first(document, "references", "reference");
    return found.isArray() ? found : JsonNodeFactory.instance.arrayNode();
  }

  private static String id(Example example) {
    return first(example.document(), "question_id", "prompt_id", "id")
        .asText(Integer.toString(example.index()));
  }

  private static String category(ObjectNode document) {
    return document.path("category").asText("all");
  }

  private Request request(List<String> questions, List<String> answers, PromptSettings settings) {
    PromptSettings.Chat chat =
        settings
            .chat()
            .orElseThrow(
                () ->
                    new ConfigException(
                        "chat",
                        "is needed by " + name() + ", which asks in conversations; add chat: {}"));
    List<Message> messages = new ArrayList<>();
    chat.system().map(Message::system).ifPresent(messages::add);
    for (int i = 0; i < answers.size(); i++) {
      messages.add(Message.user(questions.get(i), ""));
      messages.add(Message.assistant(answers.get(i), ""));
    }
    messages.add(Message.user(questions.get(answers.size()), ""));
    Context context = chat.writer().write(messages, false);
    return new Request.GenerateUntil(context, Generation.greedy(config.maxTokens(), List.of()), 0);
  }

  @Override
  public Optional<Request> next(
      Example example, List<Response> responses, PromptSettings settings) {
    List<String> questions = questions(example.index(), example.document());
    return responses.size() == questions.size()
        ? Optional.empty()
        : Optional.of(request(questions, said(responses), settings));
  }

  private static List<String> said(List<Response> responses) {
    return responses.stream().map(response -> ((Response.Generated) response).text()).toList();
  }

  @Override
  public List<Outcome> score(List<Answered> questions) {
    List<Dialogue> dialogues = questions.stream().map(this::dialogue).toList();
    try (ChatClient client = config.judge().open();
        Judge judge =
            new Judge(client, config.judge().model(), config.rubric(), config.judgements())) {
      List<Judgement> judgements = judge.judge(dialogues);
      List<Outcome> outcomes = new ArrayList<>();
      int begin = 0;
      for (Dialogue dialogue : dialogues) {
        int end = begin + dialogue.questions().size();
        outcomes.add(outcome(judgements.subList(begin, end)));
        begin = end;
      }
      return outcomes;
    }
  }

  private Dialogue dialogue(Answered question) {
    Example example = question.example();
    return new Dialogue(
        id(example),
        category(example.document()),
        questions(example.index(), example.document()),
        said(question.responses()),
        texts(example.gold()));
  }

  private Outcome outcome(List<Judgement> turns) {
    ArrayNode judged = JsonNodeFactory.instance.arrayNode();
    for (Judgement turn : turns) {
      ObjectNode each = judged.addObject().put("turn", turn.turn()).put("reply", turn.reply());
      turn.score().ifPresent(score -> each.put(RATING, score));
    }
    Map<String, Score> scores = new LinkedHashMap<>();
    scores.put(key(RATING), ratings(turns, turn -> true));
    long unrated = turns.stream().filter(turn -> turn.score().isEmpty()).count();
    scores.put(key(UNRATED), new Score.Amount(unrated, turns.size()));
    for (Measure measure : measures) {
      scores.computeIfAbsent(
          measure.key(),
          key ->
              ratings(
                  turns,
                  turn ->
                      key.equals(key(ofTurn(turn.turn())))
                          || key.equals(key(ofCategory(turn.category())))));
    }
    return new Outcome(Map.of("judge", judged), scores);
  }

  private static Score ratings(List<Judgement> turns, Predicate<Judgement> which) {
    double[] rated =
        turns.stream().filter(which).flatMapToDouble(turn -> turn.score().stream()).toArray();
    return new Score.Amount(Arrays.stream(rated).sum(), rated.length);
  }

  private static String key(String metric) {
    return measure(metric, true).key();
  }

  private static Measure measure(String metric, boolean higherIsBetter) {
    Aggregation mean = Aggregations.WEIGHTED_MEAN;
    return new Measure(metric, FilterChain.NONE, mean, higherIsBetter);
  }

  private static String ofTurn(int turn) {
    return RATING + "_turn_" + turn;
  }

  private static String ofCategory(String category) {
    return RATING + "_" + category;
  }

  /** Turns and categories are those of the questions, so there are none before these were read. */
  @Override
  public List<Measure> measures() {
    return measures;
  }

  private List<Measure> measures(List<Example> examples) {
    List<Measure> found = new ArrayList<>();
    found.add(measure(RATING, true));
    int turns =
        examples.stream()
            .mapToInt(example -> questions(example.index(), example.document()).size())
            .max()
            .orElse(0);
    for (int turn = 1; turn <= turns; turn++) {
      found.add(measure(ofTurn(turn), true));
    }
    TreeSet<String> categories = new TreeSet<>();
    examples.forEach(example -> categories.add(category(example.document())));
    categories.forEach(category -> found.add(measure(ofCategory(category), true)));
    found.add(measure(UNRATED, false));
    return List.copyOf(found);
  }
}
