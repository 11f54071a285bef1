package io.kanana.eval.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.eval.filter.FilterChain;
import io.kanana.eval.metric.Aggregation;
import io.kanana.eval.metric.GenerationMetric;
import io.kanana.eval.request.Generation;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;

/**
 * A task file that was read and checked.
 *
 * @param dataSet where the documents are
 * @param parts which of them are for what
 * @param change what {@code process_docs} does to every document
 * @param text the question
 * @param target the answer
 * @param choices answers to choose from, for multiple choice
 * @param shots how examples look and which are taken
 * @param generation how an answer is generated, for generation
 * @param repeats answers to each question
 * @param settings the whole file, for the results
 */
record TaskDefinition(
    String name,
    String version,
    OutputType type,
    DataFiles.DataSet dataSet,
    Parts parts,
    UnaryOperator<ObjectNode> change,
    DocumentRule text,
    DocumentRule target,
    Optional<DocumentRule> choices,
    Optional<DocumentRule> description,
    Optional<Prefix> prefix,
    Delimiters delimiters,
    Shots shots,
    List<Metric> metrics,
    Optional<Generation> generation,
    int repeats,
    List<FilterChain> filters,
    ObjectNode settings) {

  /** What a model is asked. */
  enum OutputType {
    LOGLIKELIHOOD,
    LOGLIKELIHOOD_ROLLING,
    MULTIPLE_CHOICE,
    GENERATE_UNTIL
  }

  /** Parts of the data set; the test part, else the validation part, is asked about. */
  record Parts(
      Optional<String> training,
      Optional<String> validation,
      Optional<String> test,
      Optional<String> shots) {
    Optional<String> asked() {
      return test.or(() -> validation);
    }

    /** Where examples are from when nothing says so. */
    Optional<String> usualShots() {
      return training.or(() -> validation).or(() -> test);
    }
  }

  /**
   * What stands between the parts of a prompt.
   *
   * @param target between question and answer
   * @param shots between examples
   */
  record Delimiters(String target, String shots) {}

  /**
   * The beginning of the answer.
   *
   * @param source the rule as it is written: whether it ends with white space decides what follows
   */
  record Prefix(DocumentRule rule, String source) {}

  /**
   * Examples before a question.
   *
   * @param count how many, unless the run says so
   * @param samples written into the task; used where no part is named
   * @param indexes of the documents that examples are taken from; all where empty
   */
  record Shots(
      OptionalInt count,
      ShotSampler.Order order,
      List<ObjectNode> samples,
      List<Integer> indexes,
      Optional<DocumentRule> text,
      Optional<DocumentRule> target,
      Optional<DocumentRule> choices,
      Optional<DocumentRule> prefix,
      Delimiters delimiters) {}

  /**
   * A metric with what puts its scores together.
   *
   * @param generated how it scores a generated answer; empty for other kinds of answers
   */
  record Metric(
      String name,
      Aggregation aggregation,
      boolean higherIsBetter,
      Optional<GenerationMetric> generated) {}

  JsonNode metadata() {
    return settings.path("metadata");
  }
}
