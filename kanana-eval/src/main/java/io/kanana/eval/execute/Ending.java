package io.kanana.eval.execute;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * How a program in a sandbox came to its end, as the first process of the sandbox says.
 *
 * @param number the exit status or the signal
 * @param complaint what the interpreter wrote before the program ran, or why there was no sandbox
 */
record Ending(How how, int number, String complaint) {
  enum How {
    EXIT,
    SIGNAL,
    PROCESSOR_TIME,
    TIME,
    MEMORY,
    /** There was no sandbox. */
    SETUP,
    /** The sandbox itself was killed: by our deadline, or for want of memory of the machine. */
    KILLED
  }

  private static final int KILLED_STATUS = 128 + 9;
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * How it ended.
   *
   * @param report the last words of the sandbox
   * @param status its exit status, which tells of a kill where there are none
   */
  static Ending parse(String report, int status) {
    if (report.isBlank()) {
      return status == KILLED_STATUS
          ? new Ending(How.KILLED, 0, "")
          : new Ending(How.SETUP, 0, "it ends with status " + status + " without a word");
    }
    try {
      JsonNode tree = JSON.readTree(report);
      return new Ending(
          how(tree.path("end").asText()),
          tree.path("number").asInt(),
          tree.path("complaint").asText().strip());
    } catch (JsonProcessingException _) { // not from the sandbox: what unshare or setpriv says
      return new Ending(How.SETUP, 0, report.strip());
    }
  }

  private static How how(String end) {
    return switch (end) {
      case "exit" -> How.EXIT;
      case "signal" -> How.SIGNAL;
      case "processor-time" -> How.PROCESSOR_TIME;
      case "time" -> How.TIME;
      case "memory" -> How.MEMORY;
      case "killed" -> How.KILLED;
      default -> How.SETUP;
    };
  }
}
