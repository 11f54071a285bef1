package io.kanana.cli;

import io.kanana.cli.ModelArguments.OpenModel;
import io.kanana.core.checkpoint.ModelDirectory;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.template.ChatTemplate;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.time.Clock;
import java.time.ZoneId;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "chat",
    description = {
      "Talk with a model that knows a chat template.",
      "A line is a message. /reset forgets the conversation, /exit or the end of the input leaves,"
          + " Ctrl-C ends an answer."
    },
    mixinStandardHelpOptions = true)
final class ChatCommand implements Runnable {
  private static final int INTERRUPTED = 128 + 2;

  @Spec private CommandSpec spec;
  @Mixin private ModelArguments model;
  @Mixin private SamplingArguments sampling;

  @Option(
      names = "--system",
      paramLabel = "TEXT",
      description = "What the model is told before the conversation.")
  private String system;

  @Override
  public void run() {
    try (OpenModel open = model.open()) {
      ModelDirectory directory = open.directory();
      ChatTemplate template =
          directory
              .chatTemplate()
              .orElseThrow(
                  () ->
                      new CheckpointException(
                          directory.directory()
                              + ": has no chat template, in chat_template.jinja or"
                              + " tokenizer_config.json; use kanana generate"));
      Chat chat =
          new Chat(
              directory,
              template,
              system,
              sampling.over(directory.sampling()),
              Clock.system(ZoneId.systemDefault()));
      ChatLoop loop =
          new ChatLoop(
              chat, spec.commandLine().getOut(), spec.commandLine().getErr(), onTerminal());
      Signals.handle("INT", () -> interrupt(chat));
      loop.run(input());
    } catch (IOException e) {
      throw new IllegalStateException("standard input cannot be read", e);
    }
  }

  /** Once more than an answer takes, it ends the program. */
  private static void interrupt(Chat chat) {
    if (!chat.interrupt()) {
      Runtime.getRuntime().halt(INTERRUPTED);
    }
  }

  private static boolean onTerminal() {
    return Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
  }

  private static BufferedReader input() {
    Charset charset = Charset.forName(System.getProperty("stdin.encoding", "UTF-8"));
    return new BufferedReader(new InputStreamReader(System.in, charset));
  }
}
