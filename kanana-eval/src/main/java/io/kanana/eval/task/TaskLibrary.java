package io.kanana.eval.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.config.Names;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.Problem;
import io.kanana.core.error.Reason;
import io.kanana.core.extension.Extensions;
import io.kanana.eval.metric.MetricContext;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The task files of some directories, by the names of tasks, groups and tags. A file that cannot be
 * read stands in nobody's way until it is asked for.
 */
public final class TaskLibrary {
  /** Tasks that one file defines, each with what it has of its own. */
  static final String TASK_LIST = "task_list";

  private static final String OWN = "/io/kanana/eval/tasks";
  private static final String OWN_FILE = "kanana_base.yaml";
  private static final String TASK = "task";
  private static final String GROUP = "group";
  private static final String AVERAGE = "average_of";
  private static final String FILE_END = ".yaml";

  private final TaskMetrics metrics;
  private final DataFiles data;
  private final SortedMap<String, ObjectNode> tasks = new TreeMap<>();
  private final SortedMap<String, ObjectNode> groups = new TreeMap<>();
  private final SortedMap<String, SortedSet<String>> tags = new TreeMap<>();
  private final Map<Path, ConfigException> unreadable = new LinkedHashMap<>();

  private TaskLibrary(TaskMetrics metrics, DataFiles data) {
    this.metrics = metrics;
    this.data = data;
  }

  /**
   * The task files that come along, and those of directories and all below them.
   *
   * @param directories a later one's task takes the place of an earlier one's of the same name, and
   *     of one that comes along
   * @param extensions that have metrics
   * @throws ConfigException if a directory cannot be listed
   */
  public static TaskLibrary of(
      List<Path> directories, Extensions extensions, MetricContext context, DataFiles data) {
    TaskLibrary library = new TaskLibrary(new TaskMetrics(extensions, context), data);
    library.addOwn();
    directories.forEach(library::addAll);
    return library;
  }

  /** Those of this jar, or of a folder of classes. */
  private void addOwn() {
    try {
      URI place = TaskLibrary.class.getResource(OWN + "/" + OWN_FILE).toURI();
      if (place.getScheme().equals("jar")) {
        try (FileSystem jar = FileSystems.newFileSystem(place, Map.of())) {
          addAll(jar.getPath(OWN));
        }
      } else {
        addAll(Path.of(place).getParent());
      }
    } catch (IOException | URISyntaxException e) {
      throw new IllegalStateException("the task files of this jar cannot be read", e);
    }
  }

  private void addAll(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      files
          .filter(file -> file.toString().endsWith(FILE_END) && Files.isRegularFile(file))
          .sorted()
          .forEach(this::add);
    } catch (IOException e) {
      throw new ConfigException(
          "task-directories", directory + " cannot be listed: " + Reason.of(e));
    }
  }

  private void add(Path file) {
    try {
      ObjectNode config = TaskYaml.read(file);
      if (config.remove(TASK_LIST) instanceof ArrayNode list) {
        for (JsonNode own : list) {
          addTask(config.deepCopy().setAll((ObjectNode) own));
        }
      } else if (config.has(GROUP)) {
        forget(config.path(GROUP).asText());
        groups.put(config.path(GROUP).asText(), config);
      } else if (config.path(TASK).isTextual()) {
        addTask(config);
      }
    } catch (ConfigException e) {
      unreadable.put(file, e);
    }
  }

  /** A later file takes the place of an earlier one of the same name, be it a task or a group. */
  private void forget(String name) {
    groups.remove(name);
    tasks.remove(name);
    tags.values().forEach(members -> members.remove(name));
    tags.values().removeIf(members -> members.isEmpty());
  }

  private void addTask(ObjectNode config) {
    String name = config.path(TASK).asText();
    forget(name);
    tasks.put(name, config);
    JsonNode tag = config.path("tag");
    for (JsonNode each : tag.isArray() ? tag : List.of(tag)) {
      if (each.isTextual()) {
        tags.computeIfAbsent(each.textValue(), key -> new TreeSet<>()).add(name);
      }
    }
  }

  /** Where the data of tasks lie. */
  public DataFiles data() {
    return data;
  }

  /** Every name that can be asked for, with what it is. */
  public SortedMap<String, String> names() {
    SortedMap<String, String> names = new TreeMap<>();
    tags.forEach((name, members) -> names.put(name, members.size() + " tasks"));
    tasks.keySet().forEach(name -> names.put(name, "task"));
    groups.keySet().forEach(name -> names.put(name, "group"));
    return names;
  }

  /**
   * The task, group or tag of a name.
   *
   * @throws ConfigException if there is none, or its file cannot be used
   */
  public TaskTree find(String name) {
    return find(name, new LinkedHashSet<>());
  }

  private TaskTree find(String name, Set<String> above) {
    if (groups.containsKey(name)) {
      return group(name, above);
    }
    if (tasks.containsKey(name)) {
      TaskDefinition definition = TaskDefinitionReader.read(name, tasks.get(name), metrics);
      return new TaskTree.Leaf(new YamlTask(definition, data));
    }
    if (tags.containsKey(name)) {
      List<TaskTree> members = tags.get(name).stream().map(task -> find(task, above)).toList();
      return new TaskTree.Group(name, "0", members, List.of(), Map.of());
    }
    throw unknown(name);
  }

  private ConfigException unknown(String name) {
    List<Problem> problems = new ArrayList<>();
    problems.add(
        new Problem(
            "tasks", "unknown task " + name + "; " + Names.suggestion(name, names().keySet())));
    unreadable.values().forEach(broken -> problems.addAll(broken.problems()));
    return new ConfigException(problems);
  }

  private TaskTree group(String name, Set<String> above) {
    if (!above.add(name)) {
      throw new ConfigException("group " + name, "is a part of itself, by way of " + above);
    }
    TaskFields fields = new TaskFields("group " + name, groups.get(name));
    fields.allow(
        Set.of(GROUP, "group_alias", TASK, "aggregate_metric_list", AVERAGE, "metadata", "tag"),
        Set.of());
    List<TaskTree> children = new ArrayList<>();
    for (String child : fields.texts(TASK)) {
      fields.tried(() -> find(child, new LinkedHashSet<>(above))).ifPresent(children::add);
    }
    List<TaskTree.Mean> means = new ArrayList<>();
    fields.sections("aggregate_metric_list").forEach(mean -> means.add(mean(mean)));
    if (children.isEmpty() && fields.texts(TASK).isEmpty()) {
      fields.problem(TASK, "is missing; name the tasks of the group");
    }
    Map<String, List<String>> average = average(fields, children);
    fields.check();
    String version = fields.section("metadata").node("version").asText("0");
    return new TaskTree.Group(name, version, children, means, average);
  }

  private static Map<String, List<String>> average(TaskFields fields, List<TaskTree> children) {
    Map<String, List<String>> average = new LinkedHashMap<>();
    TaskFields own = fields.section(AVERAGE);
    Set<String> members = new TreeSet<>();
    children.forEach(child -> members.add(child.name()));
    own.allow(members, Set.of());
    fields
        .node(AVERAGE)
        .fieldNames()
        .forEachRemaining(member -> average.put(member, own.texts(member)));
    return average;
  }

  private static TaskTree.Mean mean(TaskFields fields) {
    fields.allow(Set.of("metric", "aggregation", "weight_by_size", "filter_list"), Set.of());
    if (!fields.text("aggregation").orElse("mean").equals("mean")) {
      fields.problem("aggregation", "must be mean, got " + fields.node("aggregation"));
    }
    List<String> filters = fields.texts("filter_list");
    return new TaskTree.Mean(
        fields.text("metric").orElse("acc"),
        filters.isEmpty() ? Optional.empty() : Optional.of(filters),
        fields.flag("weight_by_size", true));
  }
}
