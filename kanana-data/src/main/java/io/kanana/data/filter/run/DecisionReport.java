package io.kanana.data.filter.run;

import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.checkpoint.ArtefactWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What the decision of a stage leaves beside its verdicts. It is kept as an artefact, with the
 * files that the decision has to tell, so that a resumed run need not decide again.
 *
 * @param nanoseconds that deciding took
 */
record DecisionReport(long nanoseconds) {
  static final String FILE = "decision-report.json";

  /**
   * @param target the artefact to make
   * @param files that the decision has to tell
   */
  void write(Path target, Map<String, ArtefactWriter.Content> files) {
    try (ArtefactWriter artefact = ArtefactWriter.create(target, "filter-decision", List.of())) {
      artefact.write(FILE, ShardReport.json(this));
      files.forEach(artefact::write);
      artefact.commit();
    }
  }

  static DecisionReport read(Path decision) {
    return ShardReport.read(decision.resolve(FILE), DecisionReport.class);
  }

  /** The files that the decision has to tell. */
  static List<Path> files(Path decision) {
    Artefact artefact = Artefact.open(decision);
    return artefact.manifest().files().keySet().stream()
        .filter(name -> !name.equals(FILE))
        .map(artefact::file)
        .toList();
  }
}
