package io.kanana.core.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.kanana.core.error.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One {@code --set path=value}: {@code data.documents[0].path=[a, b]}, the value in YAML. */
record Assignment(String text, List<Segment> path, JsonNode value) {
  private static final Pattern SEGMENT = Pattern.compile("([^.\\[\\]=]+)((?:\\[[0-9]{1,6}])*)");
  private static final Pattern INDEX = Pattern.compile("\\[([0-9]+)]");

  sealed interface Segment {}

  record Key(String name) implements Segment {}

  record Index(int value) implements Segment {}

  Assignment {
    path = List.copyOf(path);
  }

  /** The assignments in {@code texts}; those that choose a {@code type} come first. */
  static List<Assignment> parse(List<String> texts, List<Problem> problems) {
    List<Assignment> types = new ArrayList<>();
    List<Assignment> others = new ArrayList<>();
    for (String text : texts) {
      int equals = text.indexOf('=');
      List<Segment> path = equals < 0 ? List.of() : path(text.substring(0, equals).strip());
      if (path.isEmpty()) {
        problems.add(new Problem("--set " + text, "must be path=value, such as train.seed=1"));
        continue;
      }
      String name = text.substring(0, equals).strip();
      JsonNode value = YamlReader.read(text.substring(equals + 1), name, "--set", problems);
      boolean isType = path.getLast() instanceof Key(String key) && key.equals("type");
      (isType ? types : others).add(new Assignment(name, path, value));
    }
    types.addAll(others);
    return types;
  }

  private static List<Segment> path(String text) {
    List<Segment> path = new ArrayList<>();
    for (String part : text.split("\\.", -1)) {
      Matcher segment = SEGMENT.matcher(part);
      if (!segment.matches()) {
        return List.of();
      }
      path.add(new Key(segment.group(1)));
      Matcher index = INDEX.matcher(segment.group(2));
      while (index.find()) {
        path.add(new Index(Integer.parseInt(index.group(1))));
      }
    }
    return path;
  }

  /** A problem of this assignment with what it met after {@code length} segments. */
  Problem problem(int length, String message) {
    String place = "";
    for (Segment segment : path.subList(0, length)) {
      place =
          switch (segment) {
            case Key(String name) -> Paths.child(place, name);
            case Index(int index) -> Paths.child(place, index);
          };
    }
    return new Problem("--set " + text, place + " " + message);
  }
}
