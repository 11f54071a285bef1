package io.kanana.eval.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.error.DataException;
import io.kanana.eval.request.Context;
import io.kanana.eval.request.Message;
import io.kanana.eval.request.Spaces;
import io.kanana.eval.task.TaskDefinition.Delimiters;
import io.kanana.eval.task.TaskDefinition.Shots;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Writes the prompt of a question: system instruction and description, examples with their answers,
 * the question, and the beginning of the answer; as turns that are joined to plain text or given to
 * a chat template, just as lm-evaluation-harness joins them.
 */
final class PromptBuilder {
  private final TaskDefinition task;
  private final Set<String> columns;
  private final Optional<PromptSettings.Chat> chat;

  /**
   * @param columns of the documents that are asked about
   */
  PromptBuilder(TaskDefinition task, Set<String> columns, Optional<PromptSettings.Chat> chat) {
    this.task = task;
    this.columns = columns;
    this.chat = chat;
  }

  /** How a turn pair is written. */
  private record Wording(
      DocumentRule text,
      DocumentRule target,
      Optional<DocumentRule> choices,
      Optional<DocumentRule> prefix,
      Delimiters delimiters) {}

  Context prompt(ObjectNode document, List<ObjectNode> shots) {
    List<Message> messages = new ArrayList<>();
    String system = system(document);
    if (!system.isEmpty()) {
      messages.add(Message.system(system));
    }
    shots.forEach(shot -> addExample(messages, shot));
    Optional<String> prefix = prefix(document);
    addQuestion(messages, document, prefix);
    if (chat.isEmpty()) {
      return new Context.Text(text(messages));
    }
    List<Message> turns = chat.get().multiturn() ? messages : inOneTurn(messages);
    return chat.get().writer().write(turns, prefix.isPresent());
  }

  private static String text(List<Message> messages) {
    return messages.stream().map(Message::text).collect(Collectors.joining());
  }

  private String system(ObjectNode document) {
    String description =
        task.description().map(rule -> rule.text(document, columns(document))).orElse("");
    return joined(
        chat.flatMap(PromptSettings.Chat::system).orElse(""),
        description,
        task.delimiters().shots());
  }

  /** A description names a field of the document itself, whatever the others have. */
  private static Set<String> columns(ObjectNode document) {
    return document.properties().stream().map(field -> field.getKey()).collect(Collectors.toSet());
  }

  private Optional<String> prefix(ObjectNode document) {
    return task.prefix()
        .map(prefix -> prefix.rule().text(document, columns))
        .filter(text -> !text.isEmpty());
  }

  /** Both with a delimiter between them, unless white space is there already or one is empty. */
  static String joined(String before, String after, String delimiter) {
    boolean bare =
        before.isEmpty() || after.isEmpty() || Spaces.atEnd(before) || Spaces.atStart(after);
    return bare ? before + after : before + delimiter + after;
  }

  private static boolean needsDelimiter(String before, String after) {
    return !before.isEmpty() && !Spaces.atEnd(before) && !Spaces.atStart(after);
  }

  private Wording ofShots() {
    Shots shots = task.shots();
    return new Wording(
        shots.text().orElse(task.text()),
        shots.target().orElse(task.target()),
        shots.choices().or(task::choices),
        shots.prefix().or(() -> task.prefix().map(TaskDefinition.Prefix::rule)),
        shots.delimiters());
  }

  private void addExample(List<Message> messages, ObjectNode shot) {
    Wording wording = ofShots();
    String question = wording.text.text(shot, columns);
    String answer = answer(wording, shot);
    String prefix = wording.prefix.map(rule -> rule.text(shot, columns(shot))).orElse("");
    boolean begun = !prefix.isEmpty();
    boolean delimited = begun ? needsDelimiter(question, prefix) : !answer.isEmpty();
    messages.add(Message.user(question, delimited ? wording.delimiters.target() : ""));
    if (!answer.isEmpty()) {
      messages.add(Message.assistant(joined(prefix, answer, " "), wording.delimiters.shots()));
    } else if (begun) {
      messages.add(Message.assistant(prefix, ""));
    }
  }

  private String answer(Wording wording, ObjectNode shot) {
    JsonNode target = wording.target.target(shot, columns, wording.choices.isPresent());
    if (target.isInt() && wording.choices.isPresent()) {
      List<String> choices = wording.choices.get().texts(shot, columns);
      if (target.intValue() < 0 || target.intValue() >= choices.size()) {
        throw new DataException(
            String.format(
                Locale.ROOT,
                "the label of an example is %d, but it has %d choices",
                target.intValue(),
                choices.size()));
      }
      return choices.get(target.intValue());
    }
    JsonNode first = target.isArray() ? target.path(0) : target;
    if (!first.isTextual()) {
      throw new DataException("the answer of an example must be text, got " + target);
    }
    return first.textValue();
  }

  private void addQuestion(List<Message> messages, ObjectNode document, Optional<String> prefix) {
    String question = task.text().text(document, columns);
    boolean delimited = prefix.isPresent() && needsDelimiter(question, prefix.get());
    messages.add(Message.user(question, delimited ? task.delimiters().target() : ""));
    prefix.ifPresent(begun -> messages.add(Message.assistant(begun, "")));
  }

  /** All examples and the question as one turn, between the instruction and the begun answer. */
  private static List<Message> inOneTurn(List<Message> messages) {
    List<Message> turns = new ArrayList<>();
    int begin = messages.getFirst().role().equals("system") ? 1 : 0;
    boolean begun = messages.getLast().role().equals("assistant");
    int end = begun ? messages.size() - 1 : messages.size();
    if (begin > 0) {
      turns.add(messages.getFirst());
    }
    String before = text(messages.subList(begin, end - 1));
    turns.add(Message.user(before + messages.get(end - 1).content(), ""));
    if (begun) {
      turns.add(messages.getLast());
    }
    return turns;
  }

  /** What stands between the prompt and a choice. */
  String choiceDelimiter() {
    if (chat.isEmpty()) {
      return task.delimiters().target();
    }
    boolean wanted =
        task.prefix().filter(prefix -> !prefix.source().isEmpty()).isPresent()
            && !Spaces.atEnd(task.prefix().get().source());
    return wanted ? task.delimiters().target() : "";
  }
}
