package io.kanana.core.template;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.DataException;
import io.kanana.core.error.KananaException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A Jinja template that makes text of named values. It is not trusted: it sees JSON-like values and
 * a fixed list of filters, tests and methods; it reads no file, no class and no clock, changes none
 * of its input, and stops at its {@link Limits}.
 *
 * <p>Immutable and safe for use by many threads.
 */
public final class Template {
  /** Whose templates they are, which decides how they are read and how their faults are told. */
  public enum Dialect {
    /**
     * Of a checkpoint, as Hugging Face's {@code apply_chat_template} reads them: {@code
     * trim_blocks}, {@code lstrip_blocks}, no newline at the end, names without a value are empty.
     */
    CHAT("chat template", true, "these messages", "check the keys and values of the messages"),
    /**
     * Of an evaluation task, as lm-evaluation-harness reads them: white space stays as it is, and a
     * name without a value is refused when it is used.
     */
    TASK("template", false, "this document", "check the fields of the data");

    private final String noun;
    private final boolean trims;
    private final String input;
    private final String advice;

    Dialect(String noun, boolean trims, String input, String advice) {
      this.noun = noun;
      this.trims = trims;
      this.input = input;
      this.advice = advice;
    }

    boolean trims() {
      return trims;
    }

    boolean strict() {
      return this == TASK;
    }
  }

  private static final Clock NO_CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);

  private final String name;
  private final Dialect dialect;
  private final TemplateParser.Parsed parsed;

  private Template(String name, Dialect dialect, TemplateParser.Parsed parsed) {
    this.name = name;
    this.dialect = dialect;
    this.parsed = parsed;
  }

  /**
   * Reads a template.
   *
   * @param name where it comes from, for messages: a file, say
   * @throws KananaException if the text is not a template or uses what is not supported; names the
   *     line. A {@link CheckpointException} for a chat template, else a {@link ConfigException}
   */
  public static Template parse(String name, String jinja, Dialect dialect) {
    try {
      return new Template(
          name, dialect, TemplateParser.parse(jinja, dialect, new Budget(Limits.DEFAULT)));
    } catch (Fault fault) {
      throw told(name, dialect, fault, fault.line());
    }
  }

  /**
   * The text for some names and their JSON-like values.
   *
   * @throws DataException if the template cannot be evaluated over them
   * @throws KananaException if it breaks a limit or asks for what none may have, as {@link #parse}
   */
  public String render(Map<String, ?> names) {
    return run(Limits.DEFAULT, NO_CLOCK, budget -> values(budget, names)).text();
  }

  /** Every name that the template reads, its own variables and functions included. */
  public Set<String> names() {
    return parsed.names();
  }

  Rendered run(Limits limits, Clock clock, Function<Budget, Map<String, Value>> names) {
    Budget budget = new Budget(limits);
    Interpreter interpreter = new Interpreter(new Evaluator(budget, dialect.strict()));
    try {
      Scope functions = new Scope(null, new Globals(budget, clock).functions());
      return interpreter.run(parsed, new Scope(functions, names.apply(budget)));
    } catch (Fault fault) {
      throw told(name, dialect, fault, interpreter.line());
    }
  }

  static Map<String, Value> values(Budget budget, Map<String, ?> names) {
    JsonValues json = new JsonValues(budget);
    Map<String, Value> values = new LinkedHashMap<>();
    names.forEach((key, value) -> values.put(key, json.of(value)));
    return values;
  }

  private static KananaException told(String name, Dialect dialect, Fault fault, int line) {
    String what = "the " + dialect.noun + " ";
    String problem = fault.getMessage().replace('\n', ' ');
    return switch (fault.kind()) {
      case SYNTAX ->
          faulty(dialect, name, line, what + "cannot be read: " + problem + "; correct it");
      case BOUND ->
          faulty(
              dialect, name, line, what + "is stopped: " + problem + "; a template needs far less");
      case UNSAFE -> faulty(dialect, name, line, what + "is refused: " + problem + "; correct it");
      case FAILURE ->
          new DataException(
              at(name, line)
                  + String.join(
                      "",
                      List.of(
                          what,
                          "does not fit ",
                          dialect.input,
                          ": ",
                          problem,
                          "; ",
                          dialect.advice)));
      case REFUSED ->
          new DataException(
              at(name, line) + what + "refuses " + dialect.input + ": " + problem,
              new Refusal(fault.getMessage()));
    };
  }

  private static KananaException faulty(Dialect dialect, String name, int line, String problem) {
    return dialect == Dialect.CHAT
        ? new CheckpointException(at(name, line) + problem)
        : new ConfigException(name, problem + " (line " + line + ")");
  }

  private static String at(String name, int line) {
    return name + ", line " + line + ": ";
  }

  /**
   * The value of a Python literal of text, numbers, truth values, {@code None}, lists, tuples and
   * dictionaries with text as keys: what Python's {@code ast.literal_eval} makes of it. Empty where
   * the text is anything else.
   */
  public static Optional<JsonNode> literal(String text) {
    Budget budget = new Budget(Limits.DEFAULT);
    try {
      // blanks around the braces, so that neither -}} nor {{- comes about
      List<Stmt> statements =
          TemplateParser.parse("{{ " + text + " }}", Dialect.TASK, budget).statements();
      return statements.size() == 1 && statements.getFirst() instanceof Stmt.Print print
          ? Literals.json(JsonNodeFactory.instance, print.value())
          : Optional.empty();
    } catch (Fault _) {
      return Optional.empty();
    }
  }
}
