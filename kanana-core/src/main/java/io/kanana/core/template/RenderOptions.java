package io.kanana.core.template;

import java.time.Clock;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What a template is told besides the messages. Immutable; each {@code with…} returns a copy.
 *
 * @param addGenerationPrompt whether the text ends where the assistant is to speak
 * @param tools the functions that the assistant may call, as JSON (a list), or null
 * @param bosToken the text of the token that begins every document, or null
 * @param eosToken the text of the token that ends every document, or null
 * @param variables further names, with JSON-like values; they hide all others
 * @param clock what {@code strftime_now} reads, in its own zone
 * @param limits what the rendering may use
 */
public record RenderOptions(
    boolean addGenerationPrompt,
    Object tools,
    String bosToken,
    String eosToken,
    Map<String, ?> variables,
    Clock clock,
    Limits limits) {

  public RenderOptions {
    variables = Collections.unmodifiableMap(new LinkedHashMap<>(variables));
    Objects.requireNonNull(clock, "clock");
    Objects.requireNonNull(limits, "limits");
  }

  /** No generation prompt, no tools, no special tokens, no variables, default limits. */
  public static RenderOptions at(Clock clock) {
    return new RenderOptions(false, null, null, null, Map.of(), clock, Limits.DEFAULT);
  }

  public RenderOptions withGenerationPrompt(boolean wanted) {
    return new RenderOptions(wanted, tools, bosToken, eosToken, variables, clock, limits);
  }

  public RenderOptions withTools(Object newTools) {
    return new RenderOptions(
        addGenerationPrompt, newTools, bosToken, eosToken, variables, clock, limits);
  }

  public RenderOptions withSpecialTokens(String bos, String eos) {
    return new RenderOptions(addGenerationPrompt, tools, bos, eos, variables, clock, limits);
  }

  public RenderOptions withVariables(Map<String, ?> newVariables) {
    return new RenderOptions(
        addGenerationPrompt, tools, bosToken, eosToken, newVariables, clock, limits);
  }

  public RenderOptions withLimits(Limits newLimits) {
    return new RenderOptions(
        addGenerationPrompt, tools, bosToken, eosToken, variables, clock, newLimits);
  }
}
