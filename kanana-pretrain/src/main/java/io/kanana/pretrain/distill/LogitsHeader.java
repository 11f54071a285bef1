package io.kanana.pretrain.distill;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.kanana.core.checkpoint.RecordJson;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What a store of a teacher's answers is of: {@code header.json}.
 *
 * @param format version of the layout
 * @param teacher identity of the model
 * @param tokenizer fingerprint of the tokenizer that made the tokens
 * @param data fingerprint of the sequences in their order
 * @param vocabularySize every id is below it
 * @param contextLength positions of a sequence
 * @param sequences the first so many of the data
 * @param sequencesPerPart of every part but perhaps the last
 * @param topK tokens of each position
 * @param temperature of the distributions
 * @param storedAs the precision of logarithms
 */
record LogitsHeader(
    int format,
    String teacher,
    String tokenizer,
    String data,
    int vocabularySize,
    int contextLength,
    long sequences,
    int sequencesPerPart,
    int topK,
    double temperature,
    StoredLogs storedAs) {
  static final int FORMAT = 1;
  static final String FILE = "header.json";

  private static final int LARGEST = 1 << 20;

  /** How many parts there are. */
  int parts() {
    return Math.toIntExact((sequences + sequencesPerPart - 1) / sequencesPerPart);
  }

  /** How many sequences a part has. */
  int sequencesOf(int part) {
    return (int) Math.min(sequencesPerPart, sequences - (long) part * sequencesPerPart);
  }

  String toJson() {
    return RecordJson.write(this);
  }

  /**
   * Reads one.
   *
   * @throws CheckpointException naming the file, if it is none of this version
   */
  static LogitsHeader read(Path file) {
    try {
      if (Files.size(file) > LARGEST) {
        throw new CheckpointException(file + ": is larger than any header; it is something else");
      }
      LogitsHeader header = RecordJson.read(Files.readAllBytes(file), LogitsHeader.class);
      header.check(file);
      return header;
    } catch (JsonProcessingException e) {
      throw new CheckpointException(file + ": cannot be read: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new CheckpointException(file + ": cannot be read: " + Reason.of(e), e);
    }
  }

  private void check(Path file) {
    if (format != FORMAT) {
      throw new CheckpointException(
          file + ": format must be " + FORMAT + ", got " + format + "; another kanana wrote this");
    }
    boolean sizes = sequences > 0 && sequencesPerPart > 0 && contextLength > 0;
    if (!sizes || topK < 1 || topK > vocabularySize || !(temperature > 0)) {
      throw new CheckpointException(file + ": its numbers contradict one another; make it anew");
    }
  }

  /**
   * Refuses to be used for other data, or with the tokens of another vocabulary.
   *
   * @param directory of the store, for the message
   * @throws CheckpointException naming what differs
   */
  void checkOf(String tokenizer, String data, int vocabularySize, int time, Path directory) {
    same(directory, "tokenizer", this.tokenizer, tokenizer);
    same(directory, "vocabulary", this.vocabularySize, vocabularySize);
    same(directory, "context length", contextLength, time);
    same(directory, "data order", this.data, data);
  }

  /** Refuses to be gone on with as another store. */
  void checkSameAs(LogitsHeader now, Path directory) {
    same(directory, "teacher", teacher, now.teacher);
    checkOf(now.tokenizer, now.data, now.vocabularySize, now.contextLength, directory);
    same(directory, "number of sequences", sequences, now.sequences);
    same(directory, "size of parts", sequencesPerPart, now.sequencesPerPart);
    same(directory, "top-k", topK, now.topK);
    same(directory, "temperature", temperature, now.temperature);
    same(directory, "precision", storedAs, now.storedAs);
  }

  private static void same(Path directory, String what, Object found, Object wanted) {
    if (!found.equals(wanted)) {
      throw new CheckpointException(
          String.format(
              Locale.ROOT,
              "%s: was made with another %s: %s, but here it is %s; make it anew for this run",
              directory,
              what,
              found,
              wanted));
    }
  }
}
