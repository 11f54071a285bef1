package io.kanana.cli;

import io.kanana.cli.ModelArguments.OpenModel;
import io.kanana.core.checkpoint.ModelDirectory;
import io.kanana.core.error.DataException;
import io.kanana.core.error.Reason;
import io.kanana.core.generate.TextGenerator;
import io.kanana.core.generate.TextGenerator.Continued;
import io.kanana.core.tokenizer.Tokenizer.Specials;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "generate",
    description = {
      "Continue text with a model.",
      "One prompt streams its continuation; several are continued together, then shown one after"
          + " the other, each behind its prompt. Without a prompt a new text begins."
    },
    mixinStandardHelpOptions = true)
final class GenerateCommand implements Runnable {
  private static final String BETWEEN = "----";

  @Spec private CommandSpec spec;
  @Mixin private ModelArguments model;
  @Mixin private SamplingArguments sampling;

  @Option(
      names = "--prompt",
      paramLabel = "TEXT",
      description = "The beginning of a text. Can be repeated.")
  private List<String> prompts = new ArrayList<>();

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "A file whose whole text is a prompt. Can be repeated.")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--raw",
      description = "Take prompts as plain text: add no special token, and recognise none in them.")
  private boolean raw;

  @Override
  public void run() {
    List<String> all = new ArrayList<>(prompts);
    files.forEach(file -> all.add(text(file)));
    if (all.isEmpty()) {
      all.add("");
    }
    try (OpenModel open = model.open()) {
      ModelDirectory directory = open.directory();
      TextGenerator.Options options = sampling.over(directory.sampling());
      long start = System.nanoTime();
      List<int[]> ids = all.stream().map(prompt -> encode(directory, prompt)).toList();
      List<Continued> texts =
          all.size() == 1
              ? List.of(stream(directory.generator(), ids.getFirst(), options))
              : together(directory.generator(), all, ids, options);
      report(texts, System.nanoTime() - start);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new DataException(file + ": cannot be read as a prompt: " + Reason.of(e), e);
    }
  }

  private int[] encode(ModelDirectory directory, String prompt) {
    int[] ids = directory.tokenizer().encode(prompt, raw ? Specials.NONE : Specials.PARSE_AND_ADD);
    return ids.length > 0 ? ids : directory.tokenizer().beginOfText().stream().toArray();
  }

  private Continued stream(TextGenerator generator, int[] prompt, TextGenerator.Options options) {
    PrintWriter out = spec.commandLine().getOut();
    Continued text =
        generator.stream(
            prompt,
            options,
            piece -> {
              out.print(piece);
              out.flush();
            },
            () -> false);
    out.println();
    return text;
  }

  private List<Continued> together(
      TextGenerator generator, List<String> shown, List<int[]> ids, TextGenerator.Options options) {
    PrintWriter out = spec.commandLine().getOut();
    List<Continued> texts = generator.continueAll(ids, options);
    for (int i = 0; i < texts.size(); i++) {
      if (i > 0) {
        out.println(BETWEEN);
      }
      out.println(shown.get(i) + texts.get(i).text());
    }
    return texts;
  }

  private void report(List<Continued> texts, long nanos) {
    int tokens = texts.stream().mapToInt(text -> text.ids().length).sum();
    double seconds = nanos / 1e9;
    spec.commandLine()
        .getErr()
        .println(String.format(Locale.ROOT, "%,d tokens, %.1f tokens/s", tokens, tokens / seconds));
  }
}
