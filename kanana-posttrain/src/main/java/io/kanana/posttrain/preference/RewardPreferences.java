package io.kanana.posttrain.preference;

import io.kanana.core.config.Check;
import io.kanana.core.random.RandomKey;
import io.kanana.core.template.ChatMessage;
import io.kanana.data.document.Corpus;
import io.kanana.data.document.Document;
import io.kanana.data.document.DocumentSource;
import io.kanana.data.document.DocumentStream;
import io.kanana.data.document.FilesConfig;
import io.kanana.data.shard.HeldOut;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Pairs from files with a record for each ({@code type: preferences}): {@code prompt}, the messages
 * of a conversation or the text of its only one, {@code chosen} and {@code rejected}, texts, and
 * perhaps {@code margin}, a number. A pair is held out by its prompt.
 *
 * @param files paths or globs of JSON lines or Parquet tables
 */
public record RewardPreferences(List<String> files) implements RewardPairs.Config {
  public RewardPreferences {
    files = List.copyOf(files);
    Check.that(!files.isEmpty(), "files", "must name at least one file");
  }

  @Override
  public RewardPairs create() {
    return this::read;
  }

  private List<RewardPair> read(RandomKey key, HeldOut heldOut, RewardFaults faults) {
    List<RewardPair> pairs = new ArrayList<>();
    try (DocumentStream records = records(files, "chosen").open(faults)) {
      for (Document next = records.next(); next != null; next = records.next()) {
        pair(next, heldOut, faults).ifPresent(pairs::add);
      }
    }
    return pairs;
  }

  /** Records whose text stands in a field, everything else beside it. */
  static DocumentSource records(List<String> files, String field) {
    return new Corpus(
        files.stream()
            .map(
                path ->
                    FilesConfig.of(
                            path,
                            FilesConfig.Format.AUTO,
                            field,
                            FilesConfig.Split.NONE,
                            FilesConfig.OnCorruptFile.STOP,
                            FilesConfig.DEFAULT_MAX_RECORD_BYTES)
                        .create())
            .toList());
  }

  private static Optional<RewardPair> pair(Document record, HeldOut heldOut, RewardFaults faults) {
    List<ChatMessage> prompt = prompt(record.metadata().get("prompt"));
    Object rejected = record.metadata().get("rejected");
    Object margin = record.metadata().getOrDefault("margin", 0);
    String fault =
        prompt.isEmpty()
            ? "no-prompt"
            : !(rejected instanceof String)
                ? "no-rejected-answer"
                : !(margin instanceof Number number) || !Double.isFinite(number.doubleValue())
                    ? "margin-not-a-number"
                    : "";
    if (!fault.isEmpty()) {
      faults.add(fault, record.id(), "the fields are " + record.metadata().keySet());
      return Optional.empty();
    }
    return Optional.of(
        new RewardPair(
            record.id(),
            prompt,
            record.text(),
            (String) rejected,
            ((Number) margin).doubleValue(),
            heldOut.contains(canonical(prompt))));
  }

  /** The same text for the same conversation. */
  private static String canonical(List<ChatMessage> prompt) {
    StringBuilder text = new StringBuilder();
    prompt.forEach(
        message -> text.append(message.role()).append('\n').append(message.content()).append('\n'));
    return text.toString();
  }

  /** Messages that end with the user's; empty where there are none of this form. */
  private static List<ChatMessage> prompt(Object field) {
    if (field instanceof String text) {
      return text.isBlank() ? List.of() : List.of(ChatMessage.user(text));
    }
    List<ChatMessage> messages = new ArrayList<>();
    if (field instanceof List<?> list) {
      for (Object element : list) {
        if (!(element instanceof Map<?, ?> message)
            || !(message.get("role") instanceof String role)
            || !(message.get("content") instanceof String content)) {
          return List.of();
        }
        messages.add(new ChatMessage(role, content));
      }
    }
    boolean answered = messages.isEmpty() || !messages.getLast().role().equals("user");
    return answered ? List.of() : messages;
  }
}
