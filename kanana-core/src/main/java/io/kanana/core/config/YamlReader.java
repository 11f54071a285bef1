package io.kanana.core.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.Problem;
import java.util.ArrayList;
import java.util.List;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.parser.Parser;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * Reads one YAML document from parser events. Tags and anchors are refused, so nothing in a file
 * names a class or expands; a value that is refused becomes a {@link MissingNode}, which later
 * passes leave alone because its problem is already in the list.
 */
final class YamlReader {
  private static final int DEEPEST = 32;

  private final Parser events;
  private final String source;
  private final List<Problem> problems;

  private YamlReader(String text, String source, List<Problem> problems) {
    LoaderOptions options = new LoaderOptions();
    options.setProcessComments(false);
    options.setCodePointLimit(Integer.MAX_VALUE); // whoever read the text bounds it
    this.events = new ParserImpl(new StreamReader(text), options);
    this.source = source;
    this.problems = problems;
  }

  /**
   * The document in {@code text}. A file without one is an empty object; a value must be given.
   *
   * @param root the path of the document inside the configuration; empty for a file
   * @param source the file's name in messages; empty for none
   * @throws ConfigException if the text is no YAML at all: the problems so far and that one
   */
  static JsonNode read(String text, String root, String source, List<Problem> problems) {
    try {
      return new YamlReader(text, source, problems).document(root);
    } catch (MarkedYAMLException e) {
      throw withProblem(problems, root, at(source, e.getProblemMark()) + e.getProblem());
    } catch (YAMLException e) {
      throw withProblem(problems, root, at(source, null) + firstLine(e.getMessage()));
    }
  }

  private JsonNode document(String root) {
    expect(Event.ID.StreamStart);
    if (events.checkEvent(Event.ID.StreamEnd)) {
      return root.isEmpty()
          ? JsonNodeFactory.instance.objectNode()
          : report(root, events.peekEvent(), "has no value; give one, or leave the key out");
    }
    expect(Event.ID.DocumentStart);
    JsonNode node = node(root, 0);
    expect(Event.ID.DocumentEnd);
    if (!events.checkEvent(Event.ID.StreamEnd)) {
      report(root, events.peekEvent(), "must be one YAML document, found a second one");
    }
    return node;
  }

  private void expect(Event.ID id) {
    Event event = events.getEvent();
    if (!event.is(id)) {
      throw new YAMLException("expected " + id + ", found " + event.getEventId());
    }
  }

  private JsonNode node(String path, int depth) {
    Event event = events.getEvent();
    if (depth > DEEPEST) {
      throw new YAMLException("nested deeper than " + DEEPEST + " levels at " + path);
    }
    return switch (event) {
      case ScalarEvent scalar -> scalar(path, scalar);
      case MappingStartEvent start -> mapping(path, depth, start);
      case SequenceStartEvent start -> sequence(path, depth, start);
      case AliasEvent alias ->
          report(path, alias, "is the alias *" + alias.getAnchor() + "; write the value itself");
      default -> throw new YAMLException("unexpected " + event.getEventId());
    };
  }

  private JsonNode scalar(String path, ScalarEvent scalar) {
    if (scalar.getTag() != null || scalar.getAnchor() != null) {
      return report(path, scalar, "has a YAML tag or anchor; write the plain value");
    }
    if (!scalar.isPlain()) {
      return TextNode.valueOf(scalar.getValue());
    }
    try {
      return PlainScalar.read(scalar.getValue());
    } catch (PlainScalar.Refused e) {
      return report(path, scalar, e.getMessage());
    }
  }

  private JsonNode mapping(String path, int depth, MappingStartEvent start) {
    refuseDecoration(path, start);
    ObjectNode mapping = JsonNodeFactory.instance.objectNode();
    while (!events.checkEvent(Event.ID.MappingEnd)) {
      String key = key(path);
      String below = Paths.child(path, key);
      if (mapping.has(key)) {
        report(below, events.peekEvent(), "is given twice; keep one");
      }
      mapping.set(key, node(below, depth + 1));
    }
    events.getEvent();
    return mapping;
  }

  private String key(String path) {
    Event event = events.getEvent();
    if (event instanceof ScalarEvent key && key.getTag() == null && key.getAnchor() == null) {
      return key.getValue();
    }
    throw new MarkedKey(path, event.getStartMark());
  }

  private JsonNode sequence(String path, int depth, SequenceStartEvent start) {
    refuseDecoration(path, start);
    ArrayNode sequence = JsonNodeFactory.instance.arrayNode();
    while (!events.checkEvent(Event.ID.SequenceEnd)) {
      sequence.add(node(Paths.child(path, sequence.size()), depth + 1));
    }
    events.getEvent();
    return sequence;
  }

  private void refuseDecoration(String path, CollectionStartEvent start) {
    if (start.getTag() != null || start.getAnchor() != null) {
      report(path, start, "has a YAML tag or anchor; write the plain value");
    }
  }

  private JsonNode report(String path, Event event, String message) {
    problems.add(new Problem(path, message + where(event.getStartMark())));
    return MissingNode.getInstance();
  }

  private String where(Mark mark) {
    String line = mark == null ? "" : "line " + (mark.getLine() + 1);
    return source.isEmpty() ? "" : " (" + source + ", " + line + ")";
  }

  private static String at(String source, Mark mark) {
    String line =
        mark == null ? "" : "line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1);
    String place = source.isEmpty() || line.isEmpty() ? source + line : source + ", " + line;
    return place.isEmpty() ? "" : place + ": ";
  }

  private static String firstLine(String message) {
    return message == null ? "not YAML" : message.lines().findFirst().orElse("not YAML");
  }

  private static ConfigException withProblem(List<Problem> before, String path, String message) {
    List<Problem> all = new ArrayList<>(before);
    all.add(new Problem(path, message));
    return new ConfigException(all);
  }

  /** A key that is no scalar. */
  private static final class MarkedKey extends MarkedYAMLException {
    MarkedKey(String path, Mark mark) {
      super(null, null, "a key must be plain text" + (path.isEmpty() ? "" : " in " + path), mark);
    }
  }
}
