package io.kanana.core.study;

import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.checkpoint.Provenance;
import io.kanana.core.checkpoint.StageCompute;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.Reason;
import io.kanana.core.pipeline.Chain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What training took, as the provenance of the artefacts says: every stage once, those of the
 * artefacts' ancestors included.
 *
 * @param tokens trained on
 * @param flops operations
 * @param seconds in steps
 */
record Cost(long tokens, double flops, double seconds) {
  /** The cost of all artefacts in some directories. */
  static Cost of(Collection<Path> directories) {
    List<Provenance> found = new ArrayList<>();
    directories.forEach(directory -> found.addAll(in(directory)));
    List<StageCompute> stages = Provenance.ancestry(found);
    return new Cost(
        stages.stream().mapToLong(StageCompute::tokens).sum(),
        stages.stream().mapToDouble(StageCompute::flops).sum(),
        stages.stream().mapToDouble(StageCompute::seconds).sum());
  }

  private static List<Provenance> in(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(file -> file.endsWith(Provenance.FILE))
          .filter(file -> Artefact.isArtefact(file.getParent()))
          .filter(file -> isOfTheRun(directory.relativize(file)))
          .map(Provenance::read)
          .toList();
    } catch (IOException e) {
      throw new CheckpointException(directory + ": cannot be listed: " + Reason.of(e), e);
    }
  }

  private static boolean isOfTheRun(Path below) {
    return StreamSupport.stream(below.spliterator(), false).noneMatch(Chain::isAside);
  }
}
