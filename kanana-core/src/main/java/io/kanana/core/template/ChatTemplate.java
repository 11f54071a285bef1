package io.kanana.core.template;

import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.DataException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The chat template of a checkpoint: turns a conversation into the text that the model was trained
 * to read. It is Jinja as Hugging Face's {@code apply_chat_template} runs it, with {@code
 * trim_blocks}, {@code lstrip_blocks}, loop controls and the {@code generation} tag.
 *
 * <p>A template is not trusted. It sees JSON-like values and a fixed list of filters, tests and
 * methods; it reads no file, no class and no clock but the one it is given, changes none of its
 * input, and stops at its {@link Limits}.
 *
 * <p>Immutable and safe for use by many threads.
 */
public final class ChatTemplate {
  private final String name;
  private final Template template;

  private ChatTemplate(String name, Template template) {
    this.name = name;
    this.template = template;
  }

  /**
   * Reads a template.
   *
   * @param name where it comes from, for messages: a file, say
   * @throws CheckpointException if the text is not a template or uses what is not supported; names
   *     the line
   */
  public static ChatTemplate parse(String name, String jinja) {
    return new ChatTemplate(name, Template.parse(name, jinja, Template.Dialect.CHAT));
  }

  /**
   * The text of a conversation.
   *
   * @param messages each a {@link ChatMessage}, a map, or a JSON object; keys whose value is null
   *     are dropped, and {@code reasoning_content}, {@code thinking} or {@code reasoning} stands
   *     for the first two
   * @throws DataException if there are no messages, or the template refuses them (its own words are
   *     then the message of the cause, a {@link Refusal}) or cannot be evaluated over them
   * @throws CheckpointException if the template breaks a limit or asks for what none may have
   */
  public Rendered render(List<?> messages, RenderOptions options) {
    if (messages.isEmpty()) {
      throw new DataException(
          name + ": a conversation of 0 messages has no text; give at least one message");
    }
    return template.run(
        options.limits(), options.clock(), budget -> variables(budget, messages, options));
  }

  /** Renders with these names and the functions that all templates have, and nothing else. */
  Rendered render(Map<String, ?> names, RenderOptions options) {
    return template.run(
        options.limits(), options.clock(), budget -> Template.values(budget, names));
  }

  private static Map<String, Value> variables(
      Budget budget, List<?> messages, RenderOptions options) {
    JsonValues json = new JsonValues(budget);
    List<Value> all = new ArrayList<>();
    messages.forEach(message -> all.add(message(budget, json.of(message))));
    Map<String, Value> names = new LinkedHashMap<>();
    names.put("messages", Sequences.list(budget, all));
    names.put("tools", json.of(options.tools()));
    names.put("documents", Value.None.NONE);
    names.put("add_generation_prompt", Value.of(options.addGenerationPrompt()));
    putToken(names, "bos_token", options.bosToken());
    putToken(names, "eos_token", options.eosToken());
    names.putAll(Template.values(budget, options.variables()));
    return names;
  }

  private static void putToken(Map<String, Value> names, String name, String token) {
    if (token != null) {
      names.put(name, new Value.Str(token));
    }
  }

  private static Value message(Budget budget, Value source) {
    if (!(source instanceof Value.Dict dict)) {
      throw Fault.failure("a message is a " + source.type() + ", not an object");
    }
    Dicts.Builder message = new Dicts.Builder(budget);
    Value reasoning = null;
    for (Value.Dict.Entry entry : dict.all()) {
      if (!(entry.value() instanceof Value.None)) {
        message.put(entry.key(), entry.value());
      }
    }
    for (String key : List.of("reasoning_content", "thinking", "reasoning")) {
      Value given = Dicts.get(dict, key);
      reasoning = reasoning == null && !(given instanceof Value.None) ? given : reasoning;
    }
    if (reasoning != null) {
      message.put(new Value.Str("reasoning_content"), reasoning);
      message.put(new Value.Str("thinking"), reasoning);
    }
    return message.build();
  }
}
