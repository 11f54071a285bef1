package io.kanana.posttrain.sft;

import io.kanana.core.error.DataException;
import io.kanana.core.job.JobContext;
import io.kanana.core.job.Stopped;
import io.kanana.core.random.RandomKey;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.train.BatchSizes;
import io.kanana.core.train.BatchSource;
import io.kanana.core.train.HeldOut;
import io.kanana.core.train.HeldOutLoss;
import io.kanana.core.train.NextToken;
import io.kanana.core.train.TrainingObjective;
import io.kanana.data.batch.MixturePlan;
import io.kanana.posttrain.ChatParent;
import io.kanana.posttrain.MeasuredTraining;
import io.kanana.posttrain.SampleAnswers;
import io.kanana.posttrain.Tuning;
import io.kanana.posttrain.conversation.ConversationMixture;
import java.util.List;
import java.util.Locale;

/** One run of the job: tokens, measurement before, training, measurement after. */
final class SftRun {
  private final SftConfig config;
  private final JobContext context;
  private final ChatParent parent;
  private final TensorBackend backend;

  SftRun(SftConfig config, JobContext context, ChatParent parent, TensorBackend backend) {
    this.config = config;
    this.context = context;
    this.parent = parent;
    this.backend = backend;
  }

  void run() {
    line("model: %s", parent.model().shape().describe());
    try (ConversationMixture conversations = conversations()) {
      conversations.counts().forEach((name, counts) -> line("%s: %s", name, counts.describe()));
      learn(conversations);
    }
  }

  private ConversationMixture conversations() {
    return ConversationMixture.open(
        config.data(),
        parent.format(),
        contextLength(),
        context.output().resolve("tokens"),
        this::tell);
  }

  private int contextLength() {
    return parent.model().shape().window(config.contextLength(), "context-length");
  }

  private void tell(long conversations) {
    if (context.cancellation().requested()) {
      throw new Stopped();
    }
    context
        .progress()
        .status(String.format(Locale.ROOT, "tokenized %,d conversations", conversations));
  }

  @SuppressWarnings("AnnotateFormatMethod") // the annotation would be a dependency of its own
  private void line(String format, Object... values) {
    context.progress().line(String.format(Locale.ROOT, format, values));
  }

  private void learn(ConversationMixture conversations) {
    MixturePlan plan = plan(conversations);
    BatchSource data = conversations.batches(plan);
    HeldOut heldOut = heldOut(conversations, plan);
    Tuning tuning =
        new Tuning(SftJob.NAME, context, parent, config.lora(), conversations.endOfTurn());
    new MeasuredTraining(
            tuning, backend, config.compute(), config.train(), config.evaluate().benchmarks())
        .run(
            tuning.beginning(config.seed()),
            objective(),
            data,
            heldOut,
            tuning.origin(conversations.artefacts(), List.of()));
  }

  private TrainingObjective objective() {
    NextToken plain = new NextToken(new NextToken.Config(0));
    RandomKey key = RandomKey.of(config.seed()).child("embedding noise");
    return config.neftuneAlpha().isPresent()
        ? new NoisyEmbeddings(plain, config.neftuneAlpha().getAsDouble(), key)
        : plain;
  }

  private MixturePlan plan(ConversationMixture conversations) {
    BatchSizes batches = config.train().batches();
    long steps =
        config.train().until().inSteps(contextLength(), conversations.epochLength(), batches);
    return conversations.plan(config.seed(), batches.before(steps), batches.full() - 1);
  }

  private HeldOut heldOut(ConversationMixture conversations, MixturePlan plan) {
    List<HeldOutLoss.Domain> domains = conversations.heldOut(plan);
    if (domains.stream().noneMatch(domain -> domain.share() > 0)) {
      throw new DataException(
          "no conversation of a domain that is trained on is held out to measure the run on;"
              + " give a larger data.held-out-share than "
              + config.data().heldOutShare()
              + ", or more conversations");
    }
    HeldOutLoss loss =
        new HeldOutLoss(domains, config.evaluate().microBatch(), config.evaluate().sequences());
    return loss.then(samples(conversations));
  }

  private SampleAnswers samples(ConversationMixture conversations) {
    return new SampleAnswers(
        context.output(),
        config.samples(),
        HeldOutPrompts.of(
            config.data(),
            parent.format(),
            config.samples().prompts(),
            parent.model().shape().contextLength() - 1),
        parent.format().tokenizer(),
        conversations.endOfTurn(),
        config.seed());
  }
}
