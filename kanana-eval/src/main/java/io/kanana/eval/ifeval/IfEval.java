package io.kanana.eval.ifeval;

import com.fasterxml.jackson.databind.JsonNode;
import io.kanana.core.error.DataException;
import io.kanana.core.template.PythonText;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Checks responses against the instructions of their prompts. A loose verdict forgives stars of
 * Markdown and a first or last line around the response.
 *
 * <p>Verdicts are those of the reference implementation; they can part from it where English
 * sentences are counted without {@linkplain PunktModel#read NLTK's model}, and where the language
 * of a few words is to be told. Safe for use by several threads.
 */
public final class IfEval {
  private final Instructions instructions;

  public IfEval(PunktModel model) {
    this.instructions = new Instructions(model);
  }

  /**
   * The verdict on a response.
   *
   * @param names the prompt's {@code instruction_id_list}
   * @param arguments its {@code kwargs}, an object for each name; those that are null are absent
   * @throws DataException where an instruction is unknown or its arguments are wrong
   */
  public InstructionVerdict check(List<String> names, List<JsonNode> arguments, String response) {
    if (names.isEmpty() || names.size() != arguments.size()) {
      throw new DataException(
          "IFEval: " + names.size() + " instructions have " + arguments.size() + " kwargs");
    }
    List<Boolean> strict = new ArrayList<>();
    List<Boolean> loose = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      Instruction instruction = instructions.of(names.get(i), arguments.get(i));
      strict.add(follows(instruction, response));
      loose.add(variants(response).stream().anyMatch(variant -> follows(instruction, variant)));
    }
    return new InstructionVerdict(strict, loose);
  }

  private static boolean follows(Instruction instruction, String response) {
    return !PythonText.isBlank(response) && instruction.isFollowedBy(response);
  }

  /** The response, and without its first line, its last line, or both; each also without stars. */
  private static Set<String> variants(String response) {
    int first = response.indexOf('\n');
    int last = response.lastIndexOf('\n');
    Set<String> variants = new LinkedHashSet<>();
    variants.add(response);
    variants.add(first < 0 ? "" : PythonText.strip(response.substring(first + 1)));
    variants.add(last < 0 ? "" : PythonText.strip(response.substring(0, last)));
    variants.add(last <= first ? "" : PythonText.strip(response.substring(first + 1, last)));
    for (String variant : List.copyOf(variants)) {
      variants.add(variant.replace("*", ""));
    }
    return variants;
  }
}
