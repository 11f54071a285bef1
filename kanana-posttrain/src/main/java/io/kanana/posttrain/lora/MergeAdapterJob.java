package io.kanana.posttrain.lora;

import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.checkpoint.HuggingFaceConfig;
import io.kanana.core.checkpoint.PeftAdapter;
import io.kanana.core.checkpoint.PeftConfig;
import io.kanana.core.checkpoint.StoredType;
import io.kanana.core.job.Job;
import io.kanana.core.job.JobContext;
import io.kanana.core.job.JobPlan;
import io.kanana.core.job.RunInputs;
import io.kanana.core.job.Stopped;
import io.kanana.core.model.AdapterShape;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.train.ParentModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The job {@code merge-adapter}: a model and a LoRA adapter to one model without adapters. */
public final class MergeAdapterJob implements Job<MergeAdapterConfig> {
  static final String NAME = "merge-adapter";

  private static final List<String> INPUTS = List.of("model", "adapter", "store-as");

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String summary() {
    return "Merges a LoRA adapter, ours or PEFT's, into the model it was made for.";
  }

  @Override
  public Class<MergeAdapterConfig> configType() {
    return MergeAdapterConfig.class;
  }

  @Override
  public JobPlan plan(MergeAdapterConfig config) {
    Path model = config.model().resolve(HuggingFaceConfig.FILE);
    Path adapter = config.adapter().resolve(PeftConfig.FILE);
    for (Path needed : List.of(model, adapter)) {
      if (!Files.exists(needed)) {
        return JobPlan.empty().with("parent", "not there yet: " + needed);
      }
    }
    ModelConfig base = HuggingFaceConfig.read(model).model();
    try (PeftAdapter found = PeftAdapter.open(config.adapter(), base)) {
      AdapterShape shape = found.config().shape();
      return JobPlan.empty()
          .with("model", String.format(Locale.ROOT, "%,d parameters", base.parameterCount()))
          .with("adapter", shape.describe())
          .with("in it", String.format(Locale.ROOT, "%,d parameters", shape.parameterCount(base)));
    }
  }

  @Override
  public void run(MergeAdapterConfig config, JobContext context) {
    try (ParentModel base = ParentModel.open(config.model());
        PeftAdapter adapter = open(config.adapter(), base)) {
      run(config, context, base, adapter);
    } catch (Stopped _) {
      // a model that is not whole is not there, and a resumed run begins it again
    }
  }

  /** One of ours is checked byte by byte against its manifest. */
  private static PeftAdapter open(Path directory, ParentModel base) {
    if (Artefact.isArtefact(directory)) {
      Artefact.open(directory).verify();
    }
    return PeftAdapter.open(directory, base.shape());
  }

  private static void run(
      MergeAdapterConfig config, JobContext context, ParentModel base, PeftAdapter adapter) {
    Path directory = context.output().resolve("model");
    StoredType type = config.storeAs().orElse(base.stored().config().type());
    AdaptedCheckpoint checkpoint = new AdaptedCheckpoint(NAME, context, base, adapter, type);
    boolean written = checkpoint.isWritten(directory);
    new RunInputs(context, INPUTS, "the model").keep(written);
    if (written) {
      context.progress().line(directory + " is there already");
      return;
    }
    context.progress().line("saved " + checkpoint.write(directory).directory());
  }
}
