package io.kanana.eval.task;

import java.nio.file.Path;

/**
 * A function of Python that a task file names with {@code !function}. It is never run: what it does
 * has to be known here ({@link TaskFunctions}) by the name of the folder and its own.
 *
 * @param file the task file, for messages
 * @param folder the name of the folder that the file is in
 * @param name such as {@code utils.process_docs}
 */
record FunctionName(Path file, String folder, String name) {
  /** Such as {@code hellaswag/utils.process_docs}. */
  String qualified() {
    return folder + "/" + name;
  }
}
