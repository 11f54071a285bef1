package io.kanana.benchmarks;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.random.RandomKey;
import io.kanana.data.classify.ClassificationReport;
import io.kanana.data.classify.ClassifierTrainer;
import io.kanana.data.classify.TextClassifier;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "classifier",
    description = {
      "Time the training of a text classifier and its predictions, in one thread.",
      "Files are fastText's: labels and a text in each line."
    },
    mixinStandardHelpOptions = true)
final class ClassifierCommand implements Runnable {
  private static final double NANOSECONDS = 1e-9;

  @Spec private CommandSpec spec;
  @Mixin private ClassifierArguments options;
  @Mixin private JsonArguments json;

  @Option(names = "--train", required = true, paramLabel = "FILE", description = "To learn from.")
  private Path train;

  @Option(names = "--test", required = true, paramLabel = "FILE", description = "To predict.")
  private Path test;

  @Option(names = "--rounds", defaultValue = "3", description = "Trainings (${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--repeat",
      defaultValue = "10",
      description = "How often the test file is predicted in each round (${DEFAULT-VALUE}).")
  private int repeat;

  private final LongSupplier clock = System::nanoTime;

  @Override
  public void run() {
    List<String> texts = new ArrayList<>();
    new LabelledLines(test).forEach((text, labels) -> texts.add(text));
    double[] trainSeconds = new double[rounds];
    double[] predictSeconds = new double[rounds];
    TextClassifier classifier = null;
    for (int round = 0; round < rounds; round++) {
      long start = clock.getAsLong();
      classifier =
          new ClassifierTrainer(options.options(), RandomKey.of(1))
              .train(new LabelledLines(train), ClassifierTrainer.Listener.NONE);
      trainSeconds[round] = NANOSECONDS * (clock.getAsLong() - start);
      predictSeconds[round] = predict(classifier, texts);
    }
    ClassificationReport quality = ClassificationReport.of(classifier, new LabelledLines(test));
    report(trainSeconds, predictSeconds, (long) repeat * texts.size(), quality);
  }

  private double predict(TextClassifier classifier, List<String> texts) {
    long start = clock.getAsLong();
    TextClassifier.Session session = classifier.session();
    for (int i = 0; i < repeat; i++) {
      texts.forEach(session::top);
    }
    return NANOSECONDS * (clock.getAsLong() - start);
  }

  private void report(
      double[] trainSeconds, double[] predictSeconds, long lines, ClassificationReport quality) {
    double linesPerSecond = lines / Median.of(predictSeconds);
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        Locale.ROOT,
        "training        %,10.3f s  median of %d; the first, in a cold JVM, %,.3f%n",
        Median.of(trainSeconds),
        rounds,
        trainSeconds[0]);
    out.printf(Locale.ROOT, "prediction      %,10.0f lines/s%n", linesPerSecond);
    quality.table().forEach(out::println);
    out.flush();
    ObjectNode report = JsonNodeFactory.instance.objectNode();
    report.put("program", "kanana");
    report.put("trainSeconds", Numbers.rounded(Median.of(trainSeconds), 4));
    report.put("firstTrainSeconds", Numbers.rounded(trainSeconds[0], 4));
    report.put("linesPerSecond", Numbers.rounded(linesPerSecond, 1));
    report.put("accuracy", Numbers.rounded(quality.accuracy(), 5));
    report.put("macroF1", Numbers.rounded(quality.macroF1(), 5));
    json.write(report);
  }
}
