package io.kanana.posttrain.conversation;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.kanana.core.checkpoint.RecordJson;
import io.kanana.core.error.DataException;
import io.kanana.core.error.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Locale;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What became of the records of a source: {@code conversations.json}.
 *
 * @param format the version of the layout, {@link #FORMAT}
 * @param chatFormat the fingerprint of tokenizer and template
 * @param contextLength the most tokens of a conversation
 * @param tooLong what became of longer ones
 * @param heldOutShare of the distinct questions
 * @param kept conversations to train on
 * @param heldOut conversations to measure on
 * @param cut how many of both were cut
 * @param targets tokens that are trained on
 * @param heldOutTargets tokens that are measured on
 * @param endOfTurn the ids that the assistant's turns end with
 * @param dropped how many records were left out, by reason
 */
public record ConversationCounts(
    int format,
    String chatFormat,
    int contextLength,
    TooLong tooLong,
    double heldOutShare,
    long kept,
    long heldOut,
    long cut,
    long targets,
    long heldOutTargets,
    SortedSet<Integer> endOfTurn,
    SortedMap<String, Long> dropped) {
  /** The version of the layout that this program writes and reads. */
  public static final int FORMAT = 1;

  /** The file in its directory. */
  public static final String FILE = "conversations.json";

  public ConversationCounts {
    endOfTurn = Collections.unmodifiableSortedSet(new TreeSet<>(endOfTurn));
    dropped = Collections.unmodifiableSortedMap(new TreeMap<>(dropped));
  }

  /** All records that were read, good and bad. */
  public long records() {
    return kept + heldOut + dropped.values().stream().mapToLong(Long::longValue).sum();
  }

  /** In one line, for people. */
  public String describe() {
    String left =
        dropped.isEmpty()
            ? ""
            : dropped.entrySet().stream()
                .map(e -> String.format(Locale.ROOT, "%,d %s", e.getValue(), e.getKey()))
                .collect(Collectors.joining(", ", "; left out (see its quarantine.jsonl): ", ""));
    return String.format(
        Locale.ROOT,
        "%,d conversations to train on with %,d tokens of the assistant's, %,d held out, %,d cut%s",
        kept,
        targets,
        heldOut,
        cut,
        left);
  }

  String json() {
    return RecordJson.write(this);
  }

  /**
   * @throws DataException if there is none, or it is not one of this format
   */
  static ConversationCounts read(Path directory) {
    Path file = directory.resolve(FILE);
    try {
      ConversationCounts counts =
          RecordJson.read(Files.readAllBytes(file), ConversationCounts.class);
      if (counts.format != FORMAT) {
        throw refused(file, "format is " + counts.format + ", this program reads " + FORMAT, null);
      }
      return counts;
    } catch (JsonProcessingException e) {
      throw refused(file, e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw refused(file, Reason.of(e), e);
    }
  }

  private static DataException refused(Path file, String fault, Exception cause) {
    return new DataException(
        file + ": no conversations are here: " + fault + "; make their tokens again", cause);
  }
}
