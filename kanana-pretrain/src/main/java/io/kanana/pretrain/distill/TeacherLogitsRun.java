package io.kanana.pretrain.distill;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.kanana.core.autograd.Tape;
import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.checkpoint.ArtefactWriter;
import io.kanana.core.checkpoint.Provenance;
import io.kanana.core.checkpoint.StageCompute;
import io.kanana.core.checkpoint.WholeFile;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.Reason;
import io.kanana.core.job.JobContext;
import io.kanana.core.model.Llama;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.train.BatchSource;
import io.kanana.core.train.ParentModel;
import io.kanana.core.train.TokenBatch;
import io.kanana.pretrain.reshape.TextStage.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/**
 * One run of the job: a part after the other, then the index. Parts that an earlier run of the same
 * output left are taken as they are, where they are whole.
 */
final class TeacherLogitsRun {
  private static final String EFFORT = "effort.json";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final TeacherLogitsConfig config;
  private final JobContext context;
  private final ParentModel teacher;
  private final TensorBackend backend;
  private final Text text;
  private final Path directory;

  TeacherLogitsRun(
      TeacherLogitsConfig config,
      JobContext context,
      ParentModel teacher,
      TensorBackend backend,
      Text text) {
    this.config = config;
    this.context = context;
    this.teacher = teacher;
    this.backend = backend;
    this.text = text;
    this.directory = context.output();
  }

  void run() {
    context.progress().line("teacher: " + teacher.shape().describe());
    BatchSource data = DistillRun.order(text, config.seed());
    LogitsHeader header = keep(header(data));
    try (Llama model = teacher.load(backend, config.compute().precision())) {
      for (int part = 0; part < header.parts(); part++) {
        if (context.cancellation().requested()) {
          return;
        }
        if (!isThere(part)) {
          write(part, header, model, data);
        }
      }
    }
    writeIndex(header);
  }

  private LogitsHeader header(BatchSource data) {
    int vocabulary = teacher.shape().vocabularySize();
    return new LogitsHeader(
        LogitsHeader.FORMAT,
        teacher.id(),
        text.train().manifest().tokenizer(),
        data.fingerprint(),
        vocabulary,
        data.contextLength(),
        config.sequences(),
        config.sequencesPerPart(),
        Math.min(config.topK(), vocabulary),
        config.temperature(),
        config.storedAs());
  }

  /** Parts of another header are not gone on with. */
  private LogitsHeader keep(LogitsHeader header) {
    Path file = directory.resolve(LogitsHeader.FILE);
    if (Files.exists(file)) {
      LogitsHeader.read(file).checkSameAs(header, directory);
      return header;
    }
    try {
      WholeFile.write(file, header.toJson());
      Files.createDirectories(TeacherLogits.part(directory, 0).getParent());
      return header;
    } catch (IOException e) {
      throw new CheckpointException(file + ": cannot be written: " + Reason.of(e), e);
    }
  }

  private boolean isThere(int part) {
    Path path = TeacherLogits.part(directory, part);
    Artefact.recover(path);
    if (!Artefact.isArtefact(path)) {
      return false;
    }
    try {
      Artefact.open(path).verify();
      return true;
    } catch (CheckpointException e) {
      context.progress().line("made anew: " + e.getMessage());
      return false;
    }
  }

  private void write(int part, LogitsHeader header, Llama model, BatchSource data) {
    long begun = System.nanoTime();
    List<Answers> answers = new ArrayList<>();
    long first = (long) part * header.sequencesPerPart();
    long end = first + header.sequencesOf(part);
    for (long row = first; row < end; row += config.microBatch()) {
      int rows = (int) Math.min(config.microBatch(), end - row);
      answers.add(answer(model, data.batch(row, rows), header));
      String status = String.format(Locale.ROOT, "%,d of %,d", row + rows, header.sequences());
      context.progress().status(status);
    }
    Path path = TeacherLogits.part(directory, part);
    try (ArtefactWriter artefact =
        ArtefactWriter.create(path, TeacherLogits.PART_KIND, List.of())) {
      artefact.write(TeacherLogits.PART_FILE, Answers.joined(answers).toBytes(header));
      artefact.commit();
    }
    keepSeconds((System.nanoTime() - begun) / 1e9);
  }

  private Answers answer(Llama model, TokenBatch batch, LogitsHeader header) {
    int[] ids = new int[batch.targets().length * header.topK()];
    try (Scope scope = backend.scope("teacher")) {
      Tape tape = Tape.forwardOnly(backend.kernels(), scope);
      Tensor hidden = model.hidden(tape, batch.input(backend, scope), false).value();
      TopTokens top = TopTokens.of(model, hidden, header.temperature(), header.topK(), scope);
      backend.read(top.ids(), ids);
      return Answers.atTargets(
          batch, ids, backend.floats(top.logProbabilities()), backend.floats(top.logRest()));
    }
  }

  // ---- what it took ---------------------------------------------------------------------------

  /**
   * When the store was begun, and what its parts took, over all interruptions.
   *
   * @param begun names the run among others of the same configuration
   */
  private record Effort(String begun, double seconds) {}

  private Effort effort() {
    Path file = directory.resolve(EFFORT);
    if (!Files.exists(file)) {
      return new Effort(context.clock().instant().toString(), 0);
    }
    try {
      return JSON.readValue(Files.readAllBytes(file), Effort.class);
    } catch (IOException e) {
      throw new CheckpointException(file + ": cannot be read: " + Reason.of(e), e);
    }
  }

  private void keepSeconds(double more) {
    Effort before = effort();
    Path file = directory.resolve(EFFORT);
    try {
      Effort now = new Effort(before.begun, before.seconds + more);
      WholeFile.write(file, JSON.writeValueAsString(now) + "\n");
    } catch (IOException e) {
      throw new CheckpointException(file + ": cannot be written: " + Reason.of(e), e);
    }
  }

  // ---- the index ------------------------------------------------------------------------------

  private void writeIndex(LogitsHeader header) {
    List<String> parents = new ArrayList<>(List.of(teacher.id()));
    long bytes = 0;
    for (int part = 0; part < header.parts(); part++) {
      Artefact written = Artefact.open(TeacherLogits.part(directory, part));
      parents.add(written.id());
      bytes += written.manifest().files().get(TeacherLogits.PART_FILE).size();
    }
    Path index = TeacherLogits.index(directory);
    try (ArtefactWriter artefact = ArtefactWriter.create(index, TeacherLogits.KIND, parents)) {
      artefact.write(LogitsHeader.FILE, header.toJson());
      artefact.write("config.yaml", context.configYaml());
      artefact.write(Provenance.FILE, provenance(header).toJson());
      artefact.commit();
    }
    context
        .progress()
        .line(
            String.format(
                Locale.ROOT,
                "saved %s: %,d sequences in %,d bytes, %.1f a token",
                index,
                header.sequences(),
                bytes,
                (double) bytes / (header.sequences() * header.contextLength())));
  }

  private Provenance provenance(LogitsHeader header) {
    Effort effort = effort();
    int time = header.contextLength();
    double flops =
        (double) header.sequences() * time * teacher.shape().trainingFlopsPerToken(time) / 3;
    StageCompute stage =
        new StageCompute(
            Provenance.runId(
                TeacherLogitsJob.NAME, context.configYaml(), Instant.parse(effort.begun)),
            TeacherLogitsJob.NAME,
            0, // none was trained on
            teacher.shape().parameterCount(),
            flops,
            effort.seconds);
    TreeMap<String, String> software = new TreeMap<>();
    software.put("java", System.getProperty("java.version"));
    software.put("back end", backend.description());
    return new Provenance(
        TeacherLogitsJob.NAME,
        context.clock().instant(),
        context.configYaml(),
        List.of(teacher.asParent()),
        List.of(stage),
        Provenance.ancestry(teacher.provenance().stream().toList()),
        software);
  }
}
