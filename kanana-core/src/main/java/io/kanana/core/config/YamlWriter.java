package io.kanana.core.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.emitter.Emitter;
import org.yaml.snakeyaml.events.DocumentEndEvent;
import org.yaml.snakeyaml.events.DocumentStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.ImplicitTuple;
import org.yaml.snakeyaml.events.MappingEndEvent;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceEndEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.events.StreamEndEvent;
import org.yaml.snakeyaml.events.StreamStartEvent;

/** Writes a tree as YAML that {@link YamlReader} reads back as the same tree. */
final class YamlWriter {
  private final StringWriter text = new StringWriter();
  private final Emitter emitter;

  private YamlWriter() {
    DumperOptions options = new DumperOptions();
    options.setIndent(2);
    options.setSplitLines(false);
    this.emitter = new Emitter(text, options);
  }

  static String write(JsonNode tree) {
    YamlWriter writer = new YamlWriter();
    writer.emit(new StreamStartEvent(null, null));
    writer.emit(new DocumentStartEvent(null, null, false, null, Map.of()));
    writer.node(tree);
    writer.emit(new DocumentEndEvent(null, null, false));
    writer.emit(new StreamEndEvent(null, null));
    return writer.text.toString();
  }

  private void node(JsonNode node) {
    switch (node.getNodeType()) {
      case OBJECT -> mapping(node);
      case ARRAY -> sequence(node);
      case STRING -> text(node.textValue());
      case NUMBER, BOOLEAN -> scalar(node.asText(), ScalarStyle.PLAIN);
      default -> throw new IllegalArgumentException("no YAML for " + node.getNodeType());
    }
  }

  private void mapping(JsonNode node) {
    FlowStyle style = node.isEmpty() ? FlowStyle.FLOW : FlowStyle.BLOCK;
    emit(new MappingStartEvent(null, null, true, null, null, style));
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      text(entry.getKey());
      node(entry.getValue());
    }
    emit(new MappingEndEvent(null, null));
  }

  private void sequence(JsonNode node) {
    FlowStyle style = node.isEmpty() ? FlowStyle.FLOW : FlowStyle.BLOCK;
    emit(new SequenceStartEvent(null, null, true, null, null, style));
    node.forEach(this::node);
    emit(new SequenceEndEvent(null, null));
  }

  private void text(String value) {
    scalar(value, PlainScalar.isText(value) ? ScalarStyle.PLAIN : ScalarStyle.DOUBLE_QUOTED);
  }

  private void scalar(String value, ScalarStyle style) {
    emit(new ScalarEvent(null, null, new ImplicitTuple(true, true), value, null, null, style));
  }

  private void emit(Event event) {
    try {
      emitter.emit(event);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
