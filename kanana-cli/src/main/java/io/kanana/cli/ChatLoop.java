package io.kanana.cli;

import io.kanana.core.error.KananaException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;

/** Reads messages line by line and shows the answers as they come. */
final class ChatLoop {
  private static final String PROMPT = "> ";

  private final Chat chat;
  private final PrintWriter out;
  private final PrintWriter err;
  private final boolean terminal;

  /**
   * @param terminal whether a person types, who is shown where, and may correct what is refused
   */
  ChatLoop(Chat chat, PrintWriter out, PrintWriter err, boolean terminal) {
    this.chat = chat;
    this.out = out;
    this.err = err;
    this.terminal = terminal;
  }

  /** Until the input ends or says so. */
  void run(BufferedReader in) throws IOException {
    for (String line = read(in); line != null && !line.equals("/exit"); line = read(in)) {
      if (line.equals("/reset")) {
        chat.reset();
      } else if (line.startsWith("/")) {
        err.println("error: " + line + " is no command; there are /reset and /exit");
      } else if (!line.isEmpty()) {
        answer(line);
      }
    }
  }

  private String read(BufferedReader in) throws IOException {
    if (terminal) {
      out.print(PROMPT);
      out.flush();
    }
    String line = in.readLine();
    return line == null ? null : line.strip();
  }

  private void answer(String question) {
    try {
      chat.ask(
          question,
          piece -> {
            out.print(piece);
            out.flush();
          });
      out.println();
      out.flush();
    } catch (KananaException e) {
      if (!terminal) {
        throw e;
      }
      err.println("error: " + e.getMessage());
      err.flush();
    }
  }
}
