package io.kanana.core.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.kanana.core.checkpoint.RecordJson;
import io.kanana.core.checkpoint.WholeFile;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a pipeline keeps about one of its jobs, from before it begins.
 *
 * @param version of this layout
 * @param settings its resolved settings as YAML, references as they stand
 * @param inputs the identity of each output that it refers to, by reference
 * @param finished whether it came to its end
 * @param artefacts what it left then, by path in its output directory, with identities
 */
record LinkRecord(
    int version,
    String settings,
    SortedMap<String, String> inputs,
    boolean finished,
    SortedMap<String, String> artefacts) {
  private static final int VERSION = 1;

  LinkRecord {
    inputs = Collections.unmodifiableSortedMap(new TreeMap<>(inputs));
    artefacts = Collections.unmodifiableSortedMap(new TreeMap<>(artefacts));
  }

  static LinkRecord begun(String settings, SortedMap<String, String> inputs) {
    return new LinkRecord(VERSION, settings, inputs, false, Collections.emptySortedMap());
  }

  LinkRecord finished(SortedMap<String, String> left) {
    return new LinkRecord(VERSION, settings, inputs, true, left);
  }

  static Optional<LinkRecord> read(Path file) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      LinkRecord record = RecordJson.read(Files.readAllBytes(file), LinkRecord.class);
      if (record.version != VERSION) {
        throw new CheckpointException(
            file + ": version must be " + VERSION + ", got " + record.version);
      }
      return Optional.of(record);
    } catch (JsonProcessingException e) {
      throw new CheckpointException(
          file
              + ": is no record of a job: "
              + e.getOriginalMessage()
              + "; remove it to let the job find out for itself what is there",
          e);
    } catch (IOException e) {
      throw new CheckpointException(file + ": cannot be read: " + Reason.of(e), e);
    }
  }

  void write(Path file) {
    try {
      Files.createDirectories(file.getParent());
      WholeFile.write(file, RecordJson.write(this));
    } catch (IOException e) {
      throw new CheckpointException(file + ": cannot be written: " + Reason.of(e), e);
    }
  }
}
