package io.kanana.cli;

import io.kanana.cli.ModelArguments.OpenModel;
import io.kanana.core.autograd.Tape;
import io.kanana.core.checkpoint.SafetensorsWriter;
import io.kanana.core.checkpoint.StoredType;
import io.kanana.core.checkpoint.TensorContent;
import io.kanana.core.checkpoint.TensorSpec;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.Reason;
import io.kanana.core.model.Llama;
import io.kanana.core.model.TokenInput;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "logits",
    description = "Write the logits of some token ids to a file, to compare with other programs.",
    mixinStandardHelpOptions = true)
final class LogitsCommand implements Runnable {
  @Spec private CommandSpec spec;
  @Mixin private ModelArguments model;

  @Option(
      names = "--ids",
      paramLabel = "ID,ID,...",
      required = true,
      split = ",",
      description = "The tokens of one text, in order.")
  private int[] ids;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      required = true,
      description = "A safetensors file, with ids (I64 [T]) and logits (F32 [T, V]).")
  private Path output;

  @Override
  public void run() {
    try (OpenModel open = model.open()) {
      Llama llama = open.directory().model();
      check(llama);
      write(logits(llama), llama.config().vocabularySize());
    }
    spec.commandLine().getOut().println(output + ": logits of " + ids.length + " tokens");
  }

  private void check(Llama llama) {
    int vocabulary = llama.config().vocabularySize();
    for (int id : ids) {
      if (id < 0 || id >= vocabulary) {
        throw new ConfigException(
            "ids", String.format(Locale.ROOT, "must be from 0 to %d, got %d", vocabulary - 1, id));
      }
    }
    int context = llama.config().contextLength();
    long most = Math.min(context, Integer.MAX_VALUE / vocabulary);
    if (ids.length > most) {
      throw new ConfigException(
          "ids", String.format(Locale.ROOT, "must be at most %d, got %d", most, ids.length));
    }
  }

  private float[] logits(Llama llama) {
    try (Scope scope = llama.backend().scope("logits")) {
      Tape tape = Tape.forwardOnly(llama.backend().kernels(), scope);
      TokenInput input = TokenInput.whole(llama.backend(), scope, 1, ids.length, ids);
      Tensor hidden = llama.hidden(tape, input, false).value();
      return llama.backend().floats(llama.logits(tape, hidden));
    }
  }

  private void write(float[] logits, int vocabulary) {
    long[] wide = Arrays.stream(ids).asLongStream().toArray();
    List<TensorContent> contents =
        List.of(
            new TensorContent(
                TensorSpec.of("ids", StoredType.I64, ids.length),
                StoredType.I64,
                () -> MemorySegment.ofArray(wide)),
            TensorContent.of(
                TensorSpec.of("logits", StoredType.F32, ids.length, vocabulary), () -> logits));
    try (FileChannel out =
        FileChannel.open(
            output,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      SafetensorsWriter.write(contents, Map.of(), out);
    } catch (IOException e) {
      throw new CheckpointException(output + ": cannot be written: " + Reason.of(e), e);
    }
  }
}
