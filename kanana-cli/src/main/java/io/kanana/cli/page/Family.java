package io.kanana.cli.page;

import io.kanana.cli.page.LineChart.Point;
import io.kanana.cli.page.LineChart.Series;
import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.checkpoint.Provenance;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The models that the stages of a run made, and which was made of which. */
final class Family {
  private record Member(String name, Provenance provenance) {}

  private final Map<String, Member> members = new LinkedHashMap<>();

  Family(List<RunStage> stages) {
    for (RunStage stage : stages) {
      for (Path model : stage.models()) {
        Provenance own = Provenance.read(model.resolve(Provenance.FILE));
        members.put(Artefact.look(model).id(), new Member(stage.name(), own));
      }
    }
  }

  /**
   * A value of some models over the operations that they cost with their ancestors, with a line
   * from the nearest ancestor that has a value, too.
   *
   * @param values by the id of the model
   */
  List<Series> overCompute(Map<String, Double> values) {
    List<Series> series = new ArrayList<>();
    members.forEach(
        (id, member) -> {
          if (values.containsKey(id)) {
            List<Point> line = new ArrayList<>();
            nearest(member, values).ifPresent(line::add);
            line.add(point(id, values));
            series.add(new Series(member.name, line));
          }
        });
    return series;
  }

  private Optional<Point> nearest(Member of, Map<String, Double> values) {
    return of.provenance.parents().stream()
        .map(Provenance.Parent::artefact)
        .filter(members::containsKey)
        .flatMap(
            id ->
                values.containsKey(id)
                    ? Stream.of(point(id, values))
                    : nearest(members.get(id), values).stream())
        .findFirst();
  }

  private Point point(String id, Map<String, Double> values) {
    return new Point(members.get(id).provenance.totalFlops(), values.get(id));
  }
}
