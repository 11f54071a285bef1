package io.kanana.posttrain.conversation;

import io.kanana.core.error.DataException;
import io.kanana.core.tokenizer.BytePairTokenizer;
import io.kanana.data.document.FileRecords;
import io.kanana.data.document.FileRecords.FileRecord;
import io.kanana.data.document.FilesConfig;
import io.kanana.data.document.RejectedRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Looks at files of conversations, and at what of them would be trained on. */
public final class ConversationInspection {
  /**
   * What was found.
   *
   * @param conversations good records
   * @param messages in them
   * @param origins how many say of themselves what: {@code source}, {@code domain} and {@code
   *     licence}, each with its values
   * @param rejected how many records are none, by reason
   * @param examples the first record of each reason
   * @param tokens what a format makes of them, where one was given
   */
  public record Result(
      long conversations,
      long messages,
      Map<String, SortedMap<String, Long>> origins,
      SortedMap<String, Long> rejected,
      Map<String, RejectedRecord> examples,
      Optional<Tokens> tokens) {}

  /**
   * Conversations as tokens.
   *
   * @param count in all
   * @param trained how many of them are trained on
   * @param longest of a conversation
   * @param samples the first conversations
   */
  public record Tokens(long count, long trained, int longest, List<List<Piece>> samples) {
    /** The share of tokens that is trained on. */
    public double share() {
      return count == 0 ? 0 : trained / (double) count;
    }
  }

  /**
   * Tokens in a row as text.
   *
   * @param trained whether they are trained on
   */
  public record Piece(String text, boolean trained) {}

  private final Optional<ChatFormat> format;
  private final int samples;

  private final Map<String, SortedMap<String, Long>> origins = new TreeMap<>();
  private final SortedMap<String, Long> rejected = new TreeMap<>();
  private final Map<String, RejectedRecord> examples = new TreeMap<>();
  private final List<List<Piece>> shown = new ArrayList<>();
  private long conversations;
  private long messages;
  private long tokenCount;
  private long trained;
  private int longest;

  private ConversationInspection(Optional<ChatFormat> format, int samples) {
    this.format = format;
    this.samples = samples;
  }

  /** Whether the first record of a file looks like a conversation. */
  public static boolean recognises(Path file) {
    FileRecords records = new FileRecords(FilesConfig.of(file.toString()));
    try (FileRecords.Pass pass = records.open(ConversationInspection::stop)) {
      FileRecord first = pass.next();
      return first != null && RecordForm.isOfOne(first.fields());
    } catch (DataException _) {
      return false; // whoever else reads it says why
    }
  }

  private static void stop(RejectedRecord first) {
    throw new DataException(first.toString());
  }

  /**
   * Reads all conversations of a file.
   *
   * @param format makes tokens of them
   * @param samples how many to show as tokens
   * @throws DataException if the file cannot be read
   * @throws io.kanana.core.error.CheckpointException if the template is at fault
   */
  public static Result look(Path file, Optional<ChatFormat> format, int samples) {
    return new ConversationInspection(format, samples)
        .look(ConversationFiles.of(file.toString()).create());
  }

  private Result look(ConversationSource source) {
    try (ConversationStream stream = source.open(this::reject)) {
      for (FoundConversation found = stream.next(); found != null; found = stream.next()) {
        try {
          add(found.conversation());
        } catch (BadConversationException e) {
          reject(found.rejected(e));
        }
      }
    }
    return new Result(
        conversations,
        messages,
        Collections.unmodifiableMap(origins),
        Collections.unmodifiableSortedMap(rejected),
        Collections.unmodifiableMap(examples),
        format.map(_ -> new Tokens(tokenCount, trained, longest, List.copyOf(shown))));
  }

  private void reject(RejectedRecord record) {
    rejected.merge(record.reason(), 1L, Long::sum);
    examples.putIfAbsent(record.reason(), record);
  }

  private void add(Conversation conversation) throws BadConversationException {
    if (format.isPresent()) {
      add(format.get().tokens(conversation), format.get().tokenizer());
    }
    conversations++;
    messages += conversation.messages().size();
    Origin origin = conversation.origin();
    origin.source().ifPresent(value -> count("source", value));
    origin.domain().ifPresent(value -> count("domain", value));
    origin.licence().ifPresent(value -> count("licence", value));
  }

  private void count(String kind, String value) {
    origins.computeIfAbsent(kind, _ -> new TreeMap<>()).merge(value, 1L, Long::sum);
  }

  private void add(ConversationTokens tokens, BytePairTokenizer tokenizer) {
    tokenCount += tokens.ids().length;
    trained += tokens.targets();
    longest = Math.max(longest, tokens.ids().length);
    if (shown.size() < samples) {
      shown.add(pieces(tokens, tokenizer));
    }
  }

  /** A conversation as its texts, one after the other, by whether they are trained on. */
  static List<Piece> pieces(ConversationTokens tokens, BytePairTokenizer tokenizer) {
    List<Piece> pieces = new ArrayList<>();
    int at = 0;
    for (ConversationTokens.Turn turn : tokens.turns()) {
      put(tokens, at, turn.from(), false, tokenizer, pieces);
      put(tokens, turn.from(), turn.to(), true, tokenizer, pieces);
      at = turn.to();
    }
    put(tokens, at, tokens.ids().length, false, tokenizer, pieces);
    return pieces;
  }

  private static void put(
      ConversationTokens tokens,
      int from,
      int to,
      boolean trained,
      BytePairTokenizer tokenizer,
      List<Piece> pieces) {
    if (from < to) {
      int[] ids = Arrays.copyOfRange(tokens.ids(), from, to);
      pieces.add(new Piece(tokenizer.decode(ids, false), trained));
    }
  }
}
