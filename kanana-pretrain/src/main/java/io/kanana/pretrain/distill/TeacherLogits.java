package io.kanana.pretrain.distill;

import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.Reason;
import io.kanana.core.train.RunCheckpoints;
import io.kanana.core.train.TokenBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What a teacher left behind for the first sequences of some data: the most probable tokens of each
 * target, and what all others have together. One part of it is in memory at a time. Not safe for
 * use by several threads.
 *
 * <p>In its directory are {@code parts/00000} and so on, each an artefact, and {@code index}, which
 * is written when all of them are there.
 */
final class TeacherLogits {
  /** The kind of the index. */
  static final String KIND = "teacher-logits";

  /** The kind of a part. */
  static final String PART_KIND = "teacher-logits-part";

  static final String PART_FILE = "answers.bin";

  private final Path directory;
  private final LogitsHeader header;
  private int loaded = -1;
  private Answers answers;

  private TeacherLogits(Path directory, LogitsHeader header) {
    this.directory = directory;
    this.header = header;
  }

  static Path part(Path directory, int part) {
    return directory.resolve("parts").resolve(String.format(Locale.ROOT, "%05d", part));
  }

  static Path index(Path directory) {
    return directory.resolve("index");
  }

  /**
   * Opens a store that is whole: every part is there with the size that it was written with. Its
   * bytes are compared with their digests when it is read.
   *
   * @throws CheckpointException naming what is missing, or not as it was written
   */
  static TeacherLogits open(Path directory) {
    Path index = index(directory);
    if (!Artefact.isArtefact(index)) {
      throw new CheckpointException(
          directory
              + ": has no index, so it is no store of a teacher's logits, or one that has not come to its end; let job teacher-logits go on with --resume");
    }
    Artefact artefact = Artefact.open(index);
    artefact.verify();
    LogitsHeader header = LogitsHeader.read(artefact.file(LogitsHeader.FILE));
    for (int part = 0; part < header.parts(); part++) {
      Artefact found = Artefact.open(part(directory, part));
      if (!artefact.manifest().parents().contains(found.id())) {
        throw new CheckpointException(
            found.directory() + ": is not the part that the index names; make the store anew");
      }
    }
    return new TeacherLogits(directory, header);
  }

  LogitsHeader header() {
    return header;
  }

  /** As provenance names it. */
  RunCheckpoints.Ancestor ancestor() {
    return RunCheckpoints.Ancestor.of(index(directory)).growing();
  }

  /**
   * Puts what there is of a batch's targets in their rows; other rows are left alone.
   *
   * @param firstSequence the index of the batch's first row in the data
   * @param ids [N, k]
   * @param logProbabilities [N, k]
   * @param logRest [N]
   * @throws CheckpointException if a part is damaged, or of other targets
   */
  void read(
      long firstSequence, TokenBatch batch, int[] ids, float[] logProbabilities, float[] logRest) {
    for (int row = 0; row < batch.rows(); row++) {
      load(Math.toIntExact((firstSequence + row) / header.sequencesPerPart()));
      int sequence = (int) ((firstSequence + row) % header.sequencesPerPart());
      int target = answers.first(sequence);
      int end = target + answers.counts()[sequence];
      int k = header.topK();
      for (int t = row * batch.contextLength(); t < (row + 1) * batch.contextLength(); t++) {
        if (batch.targets()[t] != TokenBatch.IGNORE) {
          checkBefore(target, end);
          System.arraycopy(answers.ids(), target * k, ids, t * k, k);
          System.arraycopy(answers.logProbabilities(), target * k, logProbabilities, t * k, k);
          logRest[t] = answers.logRest()[target];
          target++;
        }
      }
      checkBefore(end - target, 1);
    }
  }

  private void checkBefore(int target, int end) {
    if (target >= end) {
      throw new CheckpointException(
          part(directory, loaded)
              + ": has not as many targets as the data, so it is of others; make the store anew");
    }
  }

  private void load(int part) {
    if (loaded == part) {
      return;
    }
    Artefact artefact = Artefact.open(part(directory, part));
    artefact.verify();
    Path file = artefact.file(PART_FILE);
    try {
      byte[] bytes = Files.readAllBytes(file);
      answers = Answers.read(bytes, header, header.sequencesOf(part), file);
      loaded = part;
    } catch (IOException e) {
      throw new CheckpointException(file + ": cannot be read: " + Reason.of(e), e);
    }
  }
}
