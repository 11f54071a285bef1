package io.kanana.posttrain.online;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.checkpoint.JsonLog;
import io.kanana.core.checkpoint.Sha256;
import io.kanana.core.checkpoint.WholeFile;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.DataException;
import io.kanana.core.error.Reason;
import io.kanana.core.job.JobContext;
import io.kanana.core.job.Stopped;
import io.kanana.core.model.Llama;
import io.kanana.core.model.Precision;
import io.kanana.core.random.RandomKey;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.data.document.QuarantineLog;
import io.kanana.posttrain.ChatParent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One run of the job: answers with the scores of all rewards, then what each choice is worth. */
final class BestOfNRun {
  static final String ANSWERS = "answers.jsonl";
  static final String REPORT = "best-of-n.json";

  /** The judge among the rewards; no candidate can have this name, which has a space. */
  private static final String JUDGE = "the judge";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final BestOfNConfig config;
  private final JobContext context;
  private final ChatParent parent;
  private final TensorBackend backend;

  /** Says which model answered, and by which models answers were scored. */
  private final String models;

  BestOfNRun(BestOfNConfig config, JobContext context, ChatParent parent, TensorBackend backend) {
    this.config = config;
    this.context = context;
    this.parent = parent;
    this.backend = backend;
    this.models = models();
  }

  private String models() {
    Stream<Scorer.Config> rewards =
        Stream.concat(config.candidates().values().stream(), Stream.of(config.judge()));
    Stream<String> scored =
        rewards.flatMap(reward -> reward.models().stream()).map(own -> own.parent().artefact());
    String all =
        Stream.concat(Stream.of(parent.model().id()), scored).collect(Collectors.joining(" "));
    return Sha256.of(all.getBytes(StandardCharsets.UTF_8)).substring(0, 16);
  }

  void run() {
    List<Question> questions = questions();
    Map<String, Scorer> rewards = new LinkedHashMap<>();
    try (Llama model = parent.model().load(backend, precision())) {
      open(rewards);
      report(answer(model, questions, rewards));
    } finally {
      rewards.values().forEach(Scorer::close);
    }
  }

  private Precision precision() {
    return config.compute().precision();
  }

  private List<Question> questions() {
    try (QuarantineLog quarantine =
        new QuarantineLog(context.output().resolve("quarantine.jsonl"))) {
      return Questions.read(config.data(), parent.format(), quarantine).heldOut().stream()
          .limit(config.questions())
          .toList();
    }
  }

  private void open(Map<String, Scorer> rewards) {
    config
        .candidates()
        .forEach((name, candidate) -> rewards.put(name, open(candidate, "candidates." + name)));
    rewards.put(JUDGE, open(config.judge(), "judge"));
  }

  private Scorer open(Scorer.Config reward, String key) {
    return Scorer.open(reward, key, parent.format().tokenizer(), backend);
  }

  /** For each question, the scores of its answers by every reward. */
  private List<Map<String, double[]>> answer(
      Llama model, List<Question> questions, Map<String, Scorer> rewards) {
    Map<Integer, Map<String, double[]>> known = new TreeMap<>();
    AnswerSampler sampler =
        new AnswerSampler(
            parent.format().tokenizer(),
            parent.turnEnds(),
            config.answers().sampling(),
            config.answers().maxNewTokens(),
            config.answers().batch());
    RandomKey key = RandomKey.of(config.seed()).child("answers");
    try (JsonLog log =
        JsonLog.open(context.output().resolve(ANSWERS), line -> read(line, questions, known))) {
      for (int i = 0; i < questions.size(); i++) {
        if (!known.containsKey(i)) {
          stopIfAsked();
          List<Answer> answers =
              sampler.answers(
                  model, List.of(questions.get(i)), config.answers().most(), key.child(i).value());
          known.put(i, scores(answers, rewards));
          log.add(List.of(line(i, answers, known.get(i))));
          tell(i + 1, questions.size());
        }
      }
    }
    return List.copyOf(known.values());
  }

  private void stopIfAsked() {
    if (context.cancellation().requested()) {
      throw new Stopped();
    }
  }

  private void tell(int done, int all) {
    context.progress().status(String.format(Locale.ROOT, "%,d of %,d questions", done, all));
  }

  private static Map<String, double[]> scores(List<Answer> answers, Map<String, Scorer> rewards) {
    Map<String, double[]> scores = new LinkedHashMap<>();
    rewards.forEach(
        (name, reward) -> {
          double[] own = reward.scores(answers);
          requireScores(name, own, answers);
          scores.put(name, own);
        });
    return scores;
  }

  private static void requireScores(String name, double[] scores, List<Answer> answers) {
    if (Arrays.stream(scores).anyMatch(Double::isNaN)) {
      throw new DataException(
          name
              + " gave no score to an answer to '"
              + answers.getFirst().question().text()
              + "'; resume the run, or choose another reward");
    }
  }

  private ObjectNode line(int question, List<Answer> answers, Map<String, double[]> scores) {
    ObjectNode line =
        JSON.createObjectNode()
            .put("question", question)
            .put("models", models)
            .put("prompt", answers.getFirst().question().text());
    ArrayNode texts = line.putArray("answers");
    answers.forEach(answer -> texts.add(answer.text()));
    ObjectNode all = line.putObject("scores");
    scores.forEach(
        (name, values) -> {
          ArrayNode array = all.putArray(name);
          for (double value : values) {
            array.add(value);
          }
        });
    return line;
  }

  /**
   * Of another question than now has this number, after an edit, or of other models, nothing is
   * taken.
   */
  private void read(
      JsonNode line, List<Question> questions, Map<Integer, Map<String, double[]>> known) {
    int number = line.get("question").asInt();
    if (number >= questions.size()
        || !line.path("models").asText().equals(models)
        || !questions.get(number).text().equals(line.get("prompt").asText())) {
      return;
    }
    Map<String, double[]> scores = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : line.get("scores").properties()) {
      scores.put(entry.getKey(), JSON.convertValue(entry.getValue(), double[].class));
    }
    known.put(number, scores);
  }

  // ---- the report -----------------------------------------------------------------------------

  /**
   * @param chosenBy the candidate's name
   * @param reward its own mean score of what it chose
   * @param judge the judge's
   */
  private record Row(String chosenBy, int n, double reward, double judge) {}

  private void report(List<Map<String, double[]>> scores) {
    List<Row> rows = new ArrayList<>();
    for (String candidate : config.candidates().keySet()) {
      for (int n : config.answers().of()) {
        rows.add(
            new Row(
                candidate,
                n,
                mean(scores, candidate, candidate, n),
                mean(scores, candidate, JUDGE, n)));
      }
    }
    int most = config.answers().most();
    Row best =
        rows.stream()
            .filter(row -> row.n == most)
            .reduce((a, b) -> b.judge > a.judge ? b : a)
            .orElseThrow();
    rows.forEach(this::tell);
    context.progress().line("the best of " + most + " by the judge is that of: " + best.chosenBy);
    write(rows, best, scores.size());
  }

  private static double mean(
      List<Map<String, double[]>> scores, String candidate, String by, int n) {
    return scores.stream()
        .mapToDouble(all -> BestOfN.expected(all.get(candidate), all.get(by), n))
        .average()
        .orElseThrow();
  }

  private void tell(Row row) {
    context
        .progress()
        .line(
            String.format(
                Locale.ROOT,
                "%s, best of %d: its reward %.4g, the judge's %.4g, divergence at most %.3f nats",
                row.chosenBy,
                row.n,
                row.reward,
                row.judge,
                BestOfN.divergence(row.n)));
  }

  private void write(List<Row> rows, Row best, int questions) {
    ObjectNode report =
        JSON.createObjectNode().put("questions", questions).put("chosen", best.chosenBy);
    ArrayNode array = report.putArray("rows");
    for (Row row : rows) {
      array
          .addObject()
          .put("candidate", row.chosenBy)
          .put("n", row.n)
          .put("reward", row.reward)
          .put("judge", row.judge)
          .put("divergence", BestOfN.divergence(row.n));
    }
    Path file = context.output().resolve(REPORT);
    try {
      WholeFile.write(
          file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(report) + "\n");
    } catch (IOException e) {
      throw new CheckpointException(file + ": cannot be written: " + Reason.of(e), e);
    }
  }
}
