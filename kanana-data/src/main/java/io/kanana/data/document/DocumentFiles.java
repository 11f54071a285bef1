package io.kanana.data.document;

import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.error.DataException;
import java.nio.file.Path;
import java.util.List;

/** The files of documents in an artefact that holds others beside them. */
final class DocumentFiles {
  private static final List<String> EXTENSIONS = List.of(".jsonl.zst", ".parquet");

  private DocumentFiles() {}

  static boolean isArtefact(Path directory) {
    return Artefact.isArtefact(directory);
  }

  /**
   * @throws DataException if the artefact holds none
   */
  static List<Path> of(Path directory) {
    Artefact artefact = Artefact.open(directory);
    List<Path> files =
        artefact.manifest().files().keySet().stream()
            .filter(name -> EXTENSIONS.stream().anyMatch(name::endsWith))
            .map(artefact::file)
            .toList();
    if (files.isEmpty()) {
      throw new DataException(
          directory
              + ": is a directory of "
              + artefact.manifest().kind()
              + " without any document; name another");
    }
    return files;
  }
}
