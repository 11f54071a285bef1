package io.kanana.cli;

import io.kanana.data.document.RejectedRecord;
import io.kanana.posttrain.conversation.BuiltInTemplate;
import io.kanana.posttrain.conversation.ChatFormat;
import io.kanana.posttrain.conversation.ConversationInspection;
import io.kanana.posttrain.conversation.ConversationInspection.Piece;
import io.kanana.posttrain.conversation.ConversationInspection.Result;
import io.kanana.posttrain.conversation.ConversationInspection.Tokens;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * A file of conversations: how many there are, what is wrong with the others, and, with a
 * tokenizer, what of them would be trained on.
 *
 * @param look what to look at
 */
record ConversationInspector(Look look) implements Inspector {
  /**
   * @param tokenizer a model or tokenizer that makes tokens of them, where one is given
   * @param template takes the place of its own
   * @param samples conversations to show
   * @param coloured whether what is trained on is told by colour, and not by brackets
   */
  record Look(
      Optional<Path> tokenizer,
      Optional<BuiltInTemplate> template,
      int samples,
      boolean coloured) {}

  private static final String NAMES = ".*\\.(jsonl|ndjson|json|parquet)(\\.(gz|zst|zstd|bz2|xz))?";
  private static final int MOST_VALUES = 10;
  private static final String GREEN = "\u001b[32m";
  private static final String PLAIN = "\u001b[0m";

  @Override
  public boolean recognises(Path path) {
    return Files.isRegularFile(path)
        && path.getFileName().toString().matches(NAMES)
        && ConversationInspection.recognises(path);
  }

  @Override
  public List<String> describe(Path path) {
    Optional<ChatFormat> format =
        look.tokenizer().map(directory -> ChatFormat.open(directory, look.template()));
    Result result = ConversationInspection.look(path, format, look.samples());
    List<String> lines = new ArrayList<>();
    long rejected = result.rejected().values().stream().mapToLong(Long::longValue).sum();
    lines.add(
        String.format(
            Locale.ROOT,
            "conversations: %,d of %,d records, with %,d messages",
            result.conversations(),
            result.conversations() + rejected,
            result.messages()));
    result.origins().forEach((kind, values) -> lines.add(kind + ": " + values(values)));
    rejected(result, lines);
    result.tokens().ifPresent(tokens -> tokens(tokens, lines));
    return lines;
  }

  private static String values(SortedMap<String, Long> values) {
    List<String> most =
        values.entrySet().stream()
            .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
            .limit(MOST_VALUES)
            .map(e -> String.format(Locale.ROOT, "%s %,d", printable(e.getKey()), e.getValue()))
            .toList();
    int rest = values.size() - most.size();
    return String.join(", ", most) + (rest > 0 ? ", and " + rest + " others" : "");
  }

  private static void rejected(Result result, List<String> lines) {
    for (Map.Entry<String, Long> reason : result.rejected().entrySet()) {
      RejectedRecord first = result.examples().get(reason.getKey());
      lines.add(
          String.format(
              Locale.ROOT,
              "left out: %,d, %s; the first in line %d: %s",
              reason.getValue(),
              reason.getKey(),
              first.line(),
              printable(first.detail())));
    }
  }

  private void tokens(Tokens tokens, List<String> lines) {
    lines.add(
        String.format(
            Locale.ROOT,
            "tokens: %,d, of which %,d (%.1f %%) are trained on; the longest conversation has %,d",
            tokens.count(),
            tokens.trained(),
            100 * tokens.share(),
            tokens.longest()));
    for (int i = 0; i < tokens.samples().size(); i++) {
      lines.add("");
      lines.add(
          String.format(
              Locale.ROOT,
              "conversation %d, what is trained on %s",
              i + 1,
              look.coloured() ? "in " + GREEN + "green" + PLAIN : "in \u27e6brackets\u27e7"));
      StringBuilder text = new StringBuilder();
      tokens.samples().get(i).forEach(piece -> text.append(marked(piece)));
      lines.addAll(text.toString().lines().toList());
    }
  }

  private String marked(Piece piece) {
    String text = printable(piece.text());
    if (!piece.trained()) {
      return text;
    }
    return look.coloured() ? GREEN + text + PLAIN : "\u27e6" + text + "\u27e7";
  }

  /** What a terminal does not take for a command: data may hold anything. */
  private static String printable(String text) {
    return text.codePoints()
        .map(c -> Character.isISOControl(c) && c != '\n' && c != '\t' ? 0xFFFD : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
