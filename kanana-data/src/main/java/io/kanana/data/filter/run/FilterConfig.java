package io.kanana.data.filter.run;

import io.kanana.core.config.Check;
import io.kanana.core.job.JobConfig;
import io.kanana.data.document.DocumentSource;
import io.kanana.data.filter.CascadeStep;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Settings of the job {@code filter}.
 *
 * @param output where everything goes
 * @param seed of the samples
 * @param compute who does the work
 * @param data documents
 * @param steps the cascade, in its order
 * @param shards how the corpus is cut
 * @param write how kept and dropped documents are written
 * @param tokenizer a {@code tokenizer.json} or its directory; where it is absent, no tokens are
 *     counted
 * @param fields the metadata that statistics are told apart by
 * @param samples what is shown of each step
 * @param labels planted faults, for corpora that have some
 */
public record FilterConfig(
    Path output,
    long seed,
    Engine.Config compute,
    Data data,
    List<CascadeStep.Config> steps,
    Shards shards,
    Write write,
    Optional<Path> tokenizer,
    Fields fields,
    SampleSizes samples,
    Labels labels)
    implements JobConfig {
  public FilterConfig {
    Check.that(!steps.isEmpty(), "steps", "must name at least one step");
  }

  /**
   * @param documents sources, one after the other
   */
  public record Data(List<DocumentSource.Config> documents) {
    public Data {
      Check.that(!documents.isEmpty(), "documents", "must name at least one source");
    }
  }

  /**
   * @param bytes of text after which a shard ends: what a thread takes at a time, and what is lost
   *     when the job is killed
   * @param fileBytes of lines, not compressed, after which a file of kept or dropped documents
   *     ends, also where the documents become tables
   */
  public record Shards(long bytes, long fileBytes) {
    public Shards {
      Check.that(bytes >= 1, "bytes", "must be at least 1, got %s", bytes);
      Check.that(fileBytes >= 1, "file-bytes", "must be at least 1, got %s", fileBytes);
    }
  }

  /** How documents are written. */
  public record Write(Format format) {
    /** What a file of documents is. */
    public enum Format {
      /** Lines of JSON, compressed with zstd. */
      JSON_LINES,
      /** Tables with a column for each name of the metadata, their pages compressed with zstd. */
      PARQUET;

      String extension() {
        return this == PARQUET ? JoinedTable.EXTENSION : LinesFile.EXTENSION;
      }
    }
  }

  /**
   * @param url the field of a document's address, whose host is its domain
   * @param language the field of its language
   * @param listed how many of the largest domains and languages of each step, and how many
   *     combinations of labels are listed; the rest is summed up. While they are counted, all are
   *     in memory
   */
  public record Fields(String url, String language, int listed) {
    public Fields {
      checkField("url", url);
      checkField("language", language);
      Check.that(listed >= 0, "listed", "must be at least 0, got %s", listed);
    }
  }

  /**
   * @param perStep dropped, kept and changed documents of each step, so many of each
   * @param characters shown of each
   */
  public record SampleSizes(int perStep, int characters) {
    public SampleSizes {
      Check.that(perStep >= 0, "per-step", "must be at least 0, got %s", perStep);
      Check.that(characters >= 1, "characters", "must be at least 1, got %s", characters);
    }
  }

  /**
   * @param field the metadata that names a document's faults: a text, of one fault or several with
   *     commas between, or a list of texts
   * @param steps which step should catch a fault; one that is not listed is caught by the step of
   *     its own name
   */
  public record Labels(String field, Map<String, String> steps) {
    public Labels {
      checkField("field", field);
      for (String label : steps.keySet()) {
        Check.that(
            !label.isBlank() && !label.contains(","),
            "steps",
            "must name faults, which are not blank and have no commas, got \"%s\"",
            label);
      }
    }

    /** The steps named here must be some of the cascade's. */
    void checkSteps(List<String> names) {
      steps.forEach(
          (label, step) ->
              Check.that(
                  names.contains(step),
                  "labels.steps." + label,
                  "must be a step of the cascade (%s), got \"%s\"",
                  String.join(", ", names),
                  step));
    }
  }

  private static void checkField(String name, String field) {
    Check.that(!field.isBlank(), name, "must name a field, got \"%s\"", field);
  }
}
