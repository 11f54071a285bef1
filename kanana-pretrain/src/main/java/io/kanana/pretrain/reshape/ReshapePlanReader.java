package io.kanana.pretrain.reshape;

import io.kanana.core.error.ConfigException;
import io.kanana.core.error.Problem;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Makes a plan of the texts of a {@link ReshapePlanFile}; everything wrong is reported together.
 */
final class ReshapePlanReader {
  private static final Pattern PAIR = Pattern.compile("([0-9]{1,9}) *> *([0-9]{1,9})");
  private static final Indices NOTHING = Indices.of();

  private final ReshapePlanFile file;
  private final List<Problem> problems = new ArrayList<>();

  ReshapePlanReader(ReshapePlanFile file) {
    this.file = file;
  }

  ReshapePlan plan() {
    Indices sources = indices("layers", file.layers());
    Indices silent = indices("silent", file.silent());
    Indices channels = indices("channels", file.channels());
    List<Indices> heads = ofLayers("heads", file.heads(), sources.size());
    List<Indices> kvHeads = ofLayers("kv-heads", file.kvHeads(), sources.size());
    List<Indices> neurons = ofLayers("neurons", file.neurons(), sources.size());
    List<List<HeadResidual>> residuals = residuals(sources.size());
    if (silent.firstOutside(sources.size()) >= 0) {
      report("silent", "must be positions of layers, got " + silent);
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    List<LayerOrigin> layers =
        IntStream.range(0, sources.size())
            .mapToObj(
                i ->
                    new LayerOrigin(
                        sources.get(i),
                        heads.get(i),
                        kvHeads.get(i),
                        neurons.get(i),
                        residuals.get(i),
                        silent.contains(i)))
            .toList();
    return new ReshapePlan(
        channels, layers, file.tiedEmbeddings(), file.mixedGroups().orElse(false));
  }

  private void report(String path, String message) {
    problems.add(new Problem(path, message));
  }

  private Indices indices(String path, String text) {
    try {
      return Indices.parse(text);
    } catch (IllegalArgumentException e) {
      report(path, e.getMessage());
      return NOTHING;
    }
  }

  /** Exactly one entry for each layer. */
  private List<Indices> ofLayers(String path, List<ReshapePlanFile.Kept> entries, int layers) {
    List<Indices> found = new ArrayList<>(Collections.nCopies(layers, null));
    for (int i = 0; i < entries.size(); i++) {
      String place = path + "[" + i + "]";
      Indices kept = indices(place + ".kept", entries.get(i).kept());
      for (int layer : positions(place, entries.get(i).layers(), layers)) {
        if (found.set(layer, kept) != null) {
          report(
              place + ".layers", "must not name layer " + layer + ", which has an entry already");
        }
      }
    }
    if (found.contains(null) && problems.isEmpty()) {
      report(path, "must have an entry for every layer; there is none for " + found.indexOf(null));
    }
    return found;
  }

  private int[] positions(String place, String text, int layers) {
    Indices positions = indices(place + ".layers", text);
    if (positions.firstOutside(layers) >= 0) {
      report(place + ".layers", "must lie in 0-" + (layers - 1) + ", got " + positions);
      return new int[0];
    }
    return positions.toArray();
  }

  private List<List<HeadResidual>> residuals(int layers) {
    List<List<HeadResidual>> found = new ArrayList<>(Collections.nCopies(layers, List.of()));
    for (int i = 0; i < file.residuals().size(); i++) {
      String place = "residuals[" + i + "]";
      List<HeadResidual> pairs = pairs(place + ".pairs", file.residuals().get(i).pairs());
      for (int layer : positions(place, file.residuals().get(i).layers(), layers)) {
        found.set(layer, pairs);
      }
    }
    return found;
  }

  private List<HeadResidual> pairs(String path, String text) {
    List<HeadResidual> pairs = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      Matcher pair = PAIR.matcher(part.strip());
      if (pair.matches()) {
        int kept = Integer.parseInt(pair.group(2));
        pairs.add(new HeadResidual(kept, Integer.parseInt(pair.group(1))));
      } else {
        report(path, "must be pairs such as \"1>0, 3>4\", got \"" + part.strip() + "\"");
      }
    }
    return pairs;
  }
}
