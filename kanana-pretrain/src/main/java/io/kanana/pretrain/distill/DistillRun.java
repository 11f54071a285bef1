package io.kanana.pretrain.distill;

import io.kanana.core.error.ConfigException;
import io.kanana.core.job.JobContext;
import io.kanana.core.model.Llama;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.Precision;
import io.kanana.core.random.RandomKey;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tokenizer.Tokenizers;
import io.kanana.core.train.BatchSource;
import io.kanana.core.train.Beginning;
import io.kanana.core.train.ContinuedTraining;
import io.kanana.core.train.HeldOutLoss;
import io.kanana.core.train.ParentModel;
import io.kanana.core.train.RunCheckpoints;
import io.kanana.pretrain.reshape.TextStage.Text;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** One run of the job: teacher, measurements before, training, measurement after. */
final class DistillRun {
  private final DistillConfig config;
  private final JobContext context;
  private final ParentModel student;
  private final TensorBackend backend;
  private final Text text;

  DistillRun(
      DistillConfig config,
      JobContext context,
      ParentModel student,
      TensorBackend backend,
      Text text) {
    this.config = config;
    this.context = context;
    this.student = student;
    this.backend = backend;
    this.text = text;
  }

  void run() {
    context.progress().line("student: " + student.shape().describe());
    DistillReport report = new DistillReport(context, text, config.evaluate());
    if (config.teacher().logits().isPresent()) {
      learnFromStore(config.teacher().logits().get(), report);
      return;
    }
    try (ParentModel parent = ParentModel.open(config.teacher().model().orElseThrow())) {
      context.progress().line("teacher: " + parent.shape().describe());
      checkTeacher(parent);
      try (Llama model = parent.load(backend, precision())) {
        if (report.lacks("teacher", parent.id())) {
          report.measure("teacher", parent.id(), model);
        }
        learnFrom(model, parent.asAncestor(), report);
      }
    }
  }

  private void learnFrom(Llama model, RunCheckpoints.Ancestor from, DistillReport report) {
    Optional<HiddenStates.Config> compared = config.loss().hiddenStates();
    if (compared.isEmpty()) {
      LiveTeacher teacher = new LiveTeacher(model, config.loss());
      learn(new Distillation(config.loss(), teacher), from, report);
      return;
    }
    RandomKey key = RandomKey.of(config.seed()).child("projections");
    try (HiddenStates states =
        new HiddenStates(compared.get(), student.shape(), model.config(), backend, key)) {
      LiveTeacher teacher = new LiveTeacher(model, config.loss(), states.ofTeacher());
      learn(new Distillation(config.loss(), teacher, Optional.of(states)), from, report);
    }
  }

  private Precision precision() {
    return config.compute().precision();
  }

  private void checkTeacher(ParentModel teacher) {
    ModelConfig own = student.shape();
    ModelConfig other = teacher.shape();
    if (own.vocabularySize() != other.vocabularySize()) {
      throw mismatch(
          "must have the student's vocabulary of %d tokens, got %d",
          own.vocabularySize(), other.vocabularySize());
    }
    if (other.contextLength() < text.contextLength()) {
      throw mismatch(
          "must have a context of at least the %d tokens of a window, got %d",
          text.contextLength(), other.contextLength());
    }
    if (!Tokenizers.same(
        Tokenizers.load(student.directory()), Tokenizers.load(teacher.directory()))) {
      throw mismatch(
          "must have the student's tokenizer, but %s and %s have different ones",
          student.directory(), teacher.directory());
    }
  }

  @SuppressWarnings("AnnotateFormatMethod") // the annotation would be a dependency of its own
  private static ConfigException mismatch(String rule, Object... values) {
    return new ConfigException("teacher.model", String.format(Locale.ROOT, rule, values));
  }

  private void learnFromStore(Path directory, DistillReport report) {
    TeacherLogits store = TeacherLogits.open(directory.toAbsolutePath());
    BatchSource data = data();
    LogitsHeader header = store.header();
    header.checkOf(
        text.train().manifest().tokenizer(),
        data.fingerprint(),
        student.shape().vocabularySize(),
        data.contextLength(),
        directory);
    checkLoss(header, directory);
    long needed = config.train().steps(data).totalSteps() * config.train().sequencesPerStep();
    if (needed > header.sequences()) {
      throw new ConfigException(
          "train.until",
          String.format(
              Locale.ROOT,
              "must take at most the %,d sequences that %s has, got %,d; end earlier, or make a larger store",
              header.sequences(),
              directory,
              needed));
    }
    try (Teacher teacher = new StoredTeacher(store, config.loss())) {
      learn(new Distillation(config.loss(), teacher), store.ancestor(), report);
    }
  }

  private void checkLoss(LogitsHeader header, Path directory) {
    if (header.temperature() != config.loss().temperature()) {
      throw new ConfigException(
          "loss.temperature",
          String.format(
              Locale.ROOT,
              "must be %s, at which %s was made, got %s",
              header.temperature(),
              directory,
              config.loss().temperature()));
    }
    if (config.loss().topK() > header.topK()) {
      throw new ConfigException(
          "loss.top-k",
          String.format(
              Locale.ROOT,
              "must be at most %d, of which %s was made, got %d",
              header.topK(),
              directory,
              config.loss().topK()));
    }
  }

  private BatchSource data() {
    return order(text, config.seed());
  }

  /** The order in which a seed shuffles the windows of a text, here and for a store. */
  static BatchSource order(Text text, long seed) {
    return text.shuffled(RandomKey.of(seed).child("data").value());
  }

  private void learn(Distillation objective, RunCheckpoints.Ancestor from, DistillReport report) {
    measure(report, "before", student);
    ContinuedTraining training =
        new ContinuedTraining(
            context,
            backend,
            precision(),
            context.output(),
            "train",
            config.train(),
            Optional.empty());
    boolean ended =
        training.run(
            Beginning.of(student.stored()),
            objective,
            data(),
            new HeldOutLoss(
                text.heldOutWindows(), config.evaluate().microBatch(), config.evaluate().windows()),
            origin(from));
    if (ended) {
      Path end = RunCheckpoints.model(context.output());
      try (ParentModel distilled = ParentModel.open(end)) {
        measure(report, "after", distilled);
      }
    }
  }

  private void measure(DistillReport report, String name, ParentModel stored) {
    if (report.lacks(name, stored.id())) {
      try (Llama model = stored.load(backend, precision())) {
        report.measure(name, stored.id(), model);
      }
    }
  }

  private RunCheckpoints.Origin origin(RunCheckpoints.Ancestor teacher) {
    return new RunCheckpoints.Origin(
        DistillJob.NAME,
        context.output().resolve("tokenizer"),
        List.of(text.trainDirectory()),
        student.stored().config().tokens(),
        context.configYaml(),
        List.of(student.asAncestor(), teacher));
  }
}
