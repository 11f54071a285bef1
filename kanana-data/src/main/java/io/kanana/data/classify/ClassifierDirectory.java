package io.kanana.data.classify;

import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.checkpoint.ArtefactWriter;
import io.kanana.core.error.CheckpointException;
import java.nio.file.Path;
import java.util.List;

/**
 * A classifier on disk: a directory with {@code model.bin} in fastText's format, {@code
 * report.json} and {@code config.yaml}, and a manifest, written last.
 */
public final class ClassifierDirectory {
  /** What the manifest calls it. */
  static final String KIND = "classifier";

  static final String MODEL = "model.bin";
  static final String REPORT = "report.json";

  /** The resolved configuration of the job that trained it. */
  public static final String CONFIG = "config.yaml";

  private ClassifierDirectory() {}

  /**
   * The model's file in a directory.
   *
   * @throws CheckpointException if the directory is no complete classifier
   */
  static Path modelFile(Path directory) {
    Artefact artefact = Artefact.open(directory);
    if (!artefact.manifest().kind().equals(KIND)) {
      throw new CheckpointException(
          directory
              + ": holds a "
              + artefact.manifest().kind()
              + "; a classifier is needed, or a file of fastText");
    }
    return artefact.file(MODEL);
  }

  /**
   * Writes a trained classifier; it appears whole, over an older one.
   *
   * @param options those it was trained with
   * @param report JSON about its quality
   */
  public static Artefact write(
      Path directory,
      TextClassifier classifier,
      ClassifierOptions options,
      String configYaml,
      String report) {
    try (ArtefactWriter artefact = ArtefactWriter.create(directory, KIND, List.of())) {
      artefact.write(MODEL, out -> FastTextWriter.write(classifier.model(), options, out));
      artefact.write(CONFIG, configYaml);
      artefact.write(REPORT, report);
      return artefact.commit();
    }
  }
}
