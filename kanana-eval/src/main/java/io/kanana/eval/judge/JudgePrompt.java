package io.kanana.eval.judge;

import io.kanana.core.checkpoint.Sha256;
import io.kanana.core.template.ChatMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a judge is asked, and how its answer is read.
 *
 * <p>An answer that is judged cannot rate itself: it stands between marks with a code that is drawn
 * from the dialogue by SHA-256, so that no answer can contain its own; ratings in it are taken
 * apart ({@code [[10]]} becomes {@code [ [10] ]}), so that a judge that quotes it quotes no rating;
 * and the last rating of the judge's answer counts. It can still try to persuade the judge, which
 * no form of a prompt prevents.
 */
final class JudgePrompt {
  private static final Pattern RATING =
      Pattern.compile("\\[\\[\\s*(\\d{1,3}(?:\\.\\d{1,3})?)\\s*(?:/\\s*\\d+\\s*)?\\]\\]");
  private static final Pattern PLACE = Pattern.compile("\\{(\\w+)\\}");
  private static final int CODE_LENGTH = 12;

  private final Rubric rubric;
  private final List<String> parts;

  JudgePrompt(Rubric rubric) {
    this.rubric = rubric;
    this.parts = List.of(resource(rubric.prompt()).split("\n=====\n", -1));
  }

  private static String resource(String name) {
    try (InputStream in = JudgePrompt.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The conversation with the judge about a turn, counted from 1. */
  List<ChatMessage> of(Dialogue dialogue, int turn) {
    String code = code(dialogue, turn);
    StringBuilder conversation = new StringBuilder();
    for (int i = 1; i <= turn; i++) {
      add(conversation, 2, i, dialogue.questions().get(i - 1), code);
      if (i <= dialogue.references().size() && !dialogue.references().get(i - 1).isBlank()) {
        add(conversation, 4, i, dialogue.references().get(i - 1), code);
      }
      add(conversation, 3, i, dialogue.answers().get(i - 1), code);
    }
    Map<String, String> values =
        Map.of(
            "code", code,
            "turn", Integer.toString(turn),
            "lowest", Integer.toString(rubric.lowest()),
            "highest", Integer.toString(Rubric.HIGHEST),
            "conversation", conversation.toString(),
            "context", turn > 1 ? " " + parts.get(5).strip() : "");
    return List.of(
        ChatMessage.system(filled(parts.get(0), values)),
        ChatMessage.user(filled(parts.get(1), values)));
  }

  /** What is said to a judge that gave no rating. */
  ChatMessage reminder() {
    return ChatMessage.user(
        filled(
            parts.get(6),
            Map.of(
                "lowest", Integer.toString(rubric.lowest()),
                "highest", Integer.toString(Rubric.HIGHEST))));
  }

  /** Of what is shown, and nothing else: the same question has the same form. */
  private static String code(Dialogue dialogue, int turn) {
    List<List<String>> shown =
        List.of(
            List.of(dialogue.id(), Integer.toString(turn)),
            dialogue.questions().subList(0, turn),
            dialogue.answers().subList(0, turn),
            dialogue.references());
    return Sha256.of(shown.toString().getBytes(StandardCharsets.UTF_8)).substring(0, CODE_LENGTH);
  }

  private void add(StringBuilder conversation, int label, int turn, String text, String code) {
    conversation
        .append(filled(parts.get(label), Map.of("turn", Integer.toString(turn))))
        .append("\n<" + code + ">\n")
        .append(RATING.matcher(text).replaceAll("[ [$1] ]"))
        .append("\n</" + code + ">\n\n");
  }

  /** All places are filled at once, so that what is filled in has no places. */
  private static String filled(String template, Map<String, String> values) {
    return PLACE
        .matcher(template)
        .replaceAll(
            place -> Matcher.quoteReplacement(values.getOrDefault(place.group(1), place.group())));
  }

  /** The last rating of an answer, if it is on the scale. */
  OptionalDouble rating(String answer) {
    Matcher matcher = RATING.matcher(answer);
    OptionalDouble last = OptionalDouble.empty();
    while (matcher.find()) {
      last = OptionalDouble.of(Double.parseDouble(matcher.group(1)));
    }
    return last.stream().allMatch(rating -> rating >= rubric.lowest() && rating <= Rubric.HIGHEST)
        ? last
        : OptionalDouble.empty();
  }
}
