package io.kanana.eval.metric;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.error.DataException;
import io.kanana.eval.ifeval.IfEval;
import io.kanana.eval.ifeval.InstructionVerdict;
import io.kanana.eval.ifeval.PunktModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The four accuracies of IFEval: of prompts all of whose instructions are followed, and of
 * instructions, each strict and loose. Documents have {@code instruction_id_list} and {@code
 * kwargs}, as the benchmark's.
 */
public final class FollowedInstructions implements GenerationMetric {
  static final String PROMPT_STRICT = "prompt_level_strict_acc";
  static final String INSTRUCTION_STRICT = "inst_level_strict_acc";
  static final String PROMPT_LOOSE = "prompt_level_loose_acc";
  static final String INSTRUCTION_LOOSE = "inst_level_loose_acc";

  private final IfEval ifEval;

  /**
   * Options of {@code metric: ifeval}.
   *
   * @param punkt the directory {@code punkt_tab/english} of NLTK, which sentences were counted with
   *     originally; a model that comes along where absent
   */
  public record Config(Optional<Path> punkt) implements GenerationMetric.Config {
    @Override
    public GenerationMetric create(MetricContext context) {
      return new FollowedInstructions(
          new IfEval(punkt.map(PunktModel::read).orElseGet(PunktModel::usual)));
    }
  }

  private FollowedInstructions(IfEval ifEval) {
    this.ifEval = ifEval;
  }

  @Override
  public List<String> names() {
    return List.of(PROMPT_STRICT, INSTRUCTION_STRICT, PROMPT_LOOSE, INSTRUCTION_LOOSE);
  }

  @Override
  public Map<String, Score> score(Answer answer) {
    List<String> names = new ArrayList<>();
    list(answer.document(), "instruction_id_list").forEach(name -> names.add(name.asText()));
    List<JsonNode> arguments = new ArrayList<>();
    list(answer.document(), "kwargs").forEach(arguments::add);
    InstructionVerdict verdict = ifEval.check(names, arguments, answer.text());
    Map<String, Score> scores = new LinkedHashMap<>();
    scores.put(PROMPT_STRICT, new Score.Value(verdict.followsAllStrictly() ? 1 : 0));
    scores.put(INSTRUCTION_STRICT, share(verdict.strict()));
    scores.put(PROMPT_LOOSE, new Score.Value(verdict.followsAllLoosely() ? 1 : 0));
    scores.put(INSTRUCTION_LOOSE, share(verdict.loose()));
    return scores;
  }

  private static JsonNode list(ObjectNode document, String field) {
    JsonNode list = document.path(field);
    if (!list.isArray()) {
      throw new DataException("the document needs the list \"" + field + "\", got " + list);
    }
    return list;
  }

  private static Score share(List<Boolean> followed) {
    return new Score.Amount(followed.stream().filter(each -> each).count(), followed.size());
  }

  @Override
  public Aggregation aggregation(String name) {
    return name.startsWith("inst_") ? Aggregations.WEIGHTED_MEAN : Aggregations.MEAN;
  }

  @Override
  public boolean higherIsBetter() {
    return true;
  }
}
