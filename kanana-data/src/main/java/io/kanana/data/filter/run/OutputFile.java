package io.kanana.data.filter.run;

import io.kanana.core.checkpoint.Artefact;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/** A file of documents that is to be made of finished shards. May be moved between machines. */
public sealed interface OutputFile extends Serializable permits JoinedLines, JoinedTable {
  /** Of what the artefacts are that hold one file each. */
  String KIND = "filter-file";

  /** The artefact that holds it until it becomes part of another. */
  String target();

  /**
   * Makes an artefact of the file.
   *
   * @param stopped whether to break off
   * @throws io.kanana.core.job.Stopped where it broke off; there is no artefact then
   */
  Artefact write(Path artefact, BooleanSupplier stopped);
}
