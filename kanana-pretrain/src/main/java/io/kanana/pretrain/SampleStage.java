package io.kanana.pretrain;

import io.kanana.core.error.ConfigException;
import io.kanana.core.generate.TextGenerator;
import io.kanana.core.job.JobContext;
import io.kanana.core.model.Llama;
import io.kanana.core.tokenizer.Tokenizer;
import java.util.List;

/** Lets a trained model continue the prompts of its configuration. */
final class SampleStage {
  private final PretrainConfig config;
  private final JobContext context;

  SampleStage(PretrainConfig config, JobContext context) {
    this.config = config;
    this.context = context;
  }

  /**
   * Long before there is a model, so that a prompt that it could not continue does not wait for the
   * end of the training.
   *
   * @throws ConfigException naming the first that is too long
   */
  void check(Tokenizer tokenizer) {
    int context = config.model().contextLength();
    List<String> prompts = config.samples().prompts();
    for (int i = 0; i < prompts.size(); i++) {
      int tokens = TextGenerator.beginning(tokenizer, prompts.get(i)).length;
      if (tokens >= context) {
        throw new ConfigException(
            "samples.prompts[" + i + "]",
            "must be shorter than model.context-length ("
                + context
                + "), got "
                + tokens
                + " tokens");
      }
    }
  }

  void run(Llama model, Tokenizer tokenizer) {
    PretrainConfig.Samples samples = config.samples();
    TextGenerator.Options options =
        new TextGenerator.Options(
            samples.maxNewTokens(), samples.sampling(), List.of(), config.seed());
    List<String> texts = new TextGenerator(model, tokenizer).generate(samples.prompts(), options);
    for (int i = 0; i < texts.size(); i++) {
      context.progress().line("");
      context.progress().line(samples.prompts().get(i) + texts.get(i));
    }
  }
}
