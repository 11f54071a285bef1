package io.kanana.pretrain;

import io.kanana.core.job.Job;
import io.kanana.core.job.JobContext;
import io.kanana.core.job.JobPlan;
import io.kanana.core.job.RunInputs;
import io.kanana.core.job.Stopped;
import io.kanana.core.tokenizer.BytePairTokenizer;

/**
 * The job {@code tokenize}: documents to a tokenizer and token shards, domain by domain, for runs
 * whose mixtures name the shards as their {@code tokens}.
 */
public final class TokenizeJob implements Job<TokenizeConfig> {
  @Override
  public String name() {
    return "tokenize";
  }

  @Override
  public String summary() {
    return "Turns documents into token shards, which any number of runs can be trained on.";
  }

  @Override
  public Class<TokenizeConfig> configType() {
    return TokenizeConfig.class;
  }

  @Override
  public JobPlan plan(TokenizeConfig config) {
    Sources sources = config.data().sources();
    return JobPlan.empty()
        .with("domains", String.join(", ", sources.domains().keySet()))
        .with("held out", 100 * sources.heldOutShare() + " % of the documents of each")
        .with("threads", Integer.toString(config.compute().threadCount()));
  }

  @Override
  public void run(TokenizeConfig config, JobContext context) {
    Sources sources = config.data().sources();
    int threads = config.compute().threadCount();
    TokenizerStage tokenizers = new TokenizerStage(config.tokenizer(), sources, threads, context);
    new RunInputs(context, Sources::inputs, "tokenizer and tokens").keep(tokenizers.isDone());
    try {
      BytePairTokenizer tokenizer = tokenizers.run();
      new TokenStage(sources, threads, context).run(tokenizer, tokenizers.directory()).close();
    } catch (Stopped _) {
      // what was under way is not there, and a resumed job makes it anew
    }
  }
}
