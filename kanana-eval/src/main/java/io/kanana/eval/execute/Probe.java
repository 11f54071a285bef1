package io.kanana.eval.execute;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.error.DataException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Tries each guarantee of a kind of sandbox, with small limits so that it does not take long.
 *
 * @param limits what the guarantees are about; those of the jail, but in tests of this class
 */
record Probe(Jail jail, Limits limits) {
  /** Limits that are reached in about a second, but the time, which a busy machine may need. */
  static final Limits SMALL = new Limits(1, 30, 128, 8, 4);

  private static final Limits SHORT = new Limits(1, 1, 128, 8, 4);

  static Probe of(Interpreter python) {
    return new Probe(Jail.of(python, SMALL), SMALL);
  }

  /** What was found, a finding for each guarantee. Takes a second or two. */
  List<Finding> findings() {
    Map<Guarantee, String> seen = new EnumMap<>(Guarantee.class);
    for (Guarantee guarantee : Guarantee.values()) {
      seen.put(guarantee, "");
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Map<Guarantee, String>>> probes =
          List.of(
              this::attempts,
              () -> ends(jail, "busy.py", Guarantee.TIME, Ending.How.PROCESSOR_TIME),
              () -> ends(jail.with(SHORT), "idle.py", Guarantee.TIME, Ending.How.TIME),
              () -> ends(jail, "hungry.py", Guarantee.MEMORY, Ending.How.MEMORY));
      for (Future<Map<Guarantee, String>> probe : threads.invokeAll(probes)) {
        probe.get().forEach((guarantee, what) -> seen.merge(guarantee, what, Probe::joined));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DataException("running code: the trial of the sandbox was interrupted", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
    List<Finding> findings = new ArrayList<>();
    seen.forEach((what, how) -> findings.add(new Finding(what, how.isEmpty(), how)));
    return findings;
  }

  private static String joined(String first, String second) {
    if (first.isEmpty() || first.contains(second)) {
      return first.isEmpty() ? second : first;
    }
    return first + "; " + second;
  }

  private static Map<Guarantee, String> ends(
      Jail jail, String script, Guarantee guarantee, Ending.How expected) {
    try (Jailed program = jail.start(script)) {
      Ending ending = program.end();
      if (ending.how() == Ending.How.SETUP) {
        return noSandbox(ending);
      }
      return ending.how() == expected
          ? Map.of()
          : Map.of(guarantee, script + " ended by " + ending);
    }
  }

  private static Map<Guarantee, String> noSandbox(Ending ending) {
    Map<Guarantee, String> all = new EnumMap<>(Guarantee.class);
    for (Guarantee guarantee : Guarantee.values()) {
      all.put(guarantee, ending.complaint().isEmpty() ? ending.toString() : ending.complaint());
    }
    return all;
  }

  private Map<Guarantee, String> attempts() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Path secret = Files.createTempFile("kanana-probe", ".txt");
      try (Jailed program = jail.start("channel.py", "probe.py")) {
        program.send('F', facts(server.getLocalPort(), secret));
        Frame answer = program.receive();
        if (answer.kind() == 'R') {
          return parsed(answer.text());
        }
        return noSandbox(program.end());
      } finally {
        Files.delete(secret);
      }
    }
  }

  private String facts(int port, Path secret) {
    ObjectNode facts = new ObjectMapper().createObjectNode();
    facts.put("port", port).put("process", ProcessHandle.current().pid());
    facts.put("scratchBytes", limits.scratchBytes()).put("addressBytes", limits.addressBytes());
    facts.put("processes", limits.processes());
    facts
        .putArray("secrets")
        .add(secret.toAbsolutePath().toString())
        .add(Path.of("").toAbsolutePath() + "/pom.xml")
        .add(System.getProperty("user.home") + "/.profile");
    return facts.toString();
  }

  private static Map<Guarantee, String> parsed(String answer) {
    try {
      Map<Guarantee, String> seen = new EnumMap<>(Guarantee.class);
      JsonNode tree = new ObjectMapper().readTree(answer);
      for (Map.Entry<String, JsonNode> entry : tree.properties()) {
        String what =
            StreamSupport.stream(entry.getValue().spliterator(), false)
                .map(JsonNode::asText)
                .collect(Collectors.joining("; "));
        seen.put(Guarantee.valueOf(entry.getKey()), what);
      }
      return seen;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the trial answers " + answer, e);
    }
  }
}
