package io.kanana.posttrain;

import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.checkpoint.ArtefactWriter;
import io.kanana.core.checkpoint.ModelDirectory;
import io.kanana.core.checkpoint.SpecialTokens;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.ConfigException;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.tokenizer.Tokenizers;
import io.kanana.core.train.ParentModel;
import io.kanana.posttrain.conversation.BadConversationException;
import io.kanana.posttrain.conversation.BuiltInTemplate;
import io.kanana.posttrain.conversation.ChatFormat;
import io.kanana.posttrain.conversation.Conversation;
import io.kanana.posttrain.conversation.ConversationTokens;
import io.kanana.posttrain.conversation.Message;
import io.kanana.posttrain.conversation.Origin;
import io.kanana.posttrain.conversation.Role;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The model that a post-training goes on from, and how it reads conversations. What is trained
 * keeps that template. Not safe for use by several threads.
 */
public final class ChatParent implements AutoCloseable {
  private final ParentModel model;
  private final ChatFormat format;

  private ChatParent(ParentModel model, ChatFormat format) {
    this.model = model;
    this.format = format;
  }

  /**
   * Opens a Hugging Face directory.
   *
   * @param template takes the place of the model's own
   * @throws ConfigException if there is no template, or the tokenizer lacks one of its tokens
   * @throws CheckpointException if it is no model, or not what its files claim
   */
  public static ChatParent open(Path directory, Optional<BuiltInTemplate> template) {
    ParentModel model = ParentModel.open(directory);
    try {
      return new ChatParent(model, ChatFormat.open(model.directory(), template));
    } catch (RuntimeException e) {
      model.close();
      throw e instanceof ConfigException config ? config.below("data") : e;
    }
  }

  public ParentModel model() {
    return model;
  }

  public ChatFormat format() {
    return format;
  }

  /**
   * The ids that end what the assistant says in plain words: those of one short conversation.
   *
   * @throws CheckpointException if the template cannot write it
   */
  public Set<Integer> turnEnds() {
    try {
      ConversationTokens tokens =
          format.tokens(
              Conversation.of(
                  List.of(Message.of(Role.USER, "1"), Message.of(Role.ASSISTANT, "2")),
                  List.of(),
                  Origin.UNKNOWN));
      return Set.of(tokens.ids()[tokens.turns().getLast().to() - 1]);
    } catch (BadConversationException e) {
      throw new CheckpointException(
          model.directory() + ": its chat template takes no conversation: " + e.getMessage(), e);
    }
  }

  /**
   * Refuses a reference whose log-probabilities cannot be compared with this model's.
   *
   * @param longest tokens that it must be able to read at once
   * @throws ConfigException if it is of another vocabulary or tokenizer, or its context is shorter
   */
  public void requireReference(ParentModel reference, int longest) {
    ModelConfig shape = reference.shape();
    if (shape.vocabularySize() != model.shape().vocabularySize()
        || !Tokenizers.same(format.tokenizer(), Tokenizers.load(reference.directory()))) {
      throw new ConfigException(
          "reference",
          String.format(
              Locale.ROOT,
              "must have the policy's tokenizer and vocabulary of %,d tokens, but %s has another, of %,d",
              model.shape().vocabularySize(),
              reference.directory(),
              shape.vocabularySize()));
    }
    if (shape.contextLength() < longest) {
      throw new ConfigException(
          "reference",
          String.format(
              Locale.ROOT,
              "must have a context of at least %d tokens, as long as an answer may be, got %d",
              longest,
              shape.contextLength()));
    }
  }

  /** The tokenizer with the template, as an artefact below a run's output. */
  public Path tokenizer(Path output) {
    Path directory = output.resolve("tokenizer");
    if (!Artefact.isArtefact(directory)) {
      try (ArtefactWriter artefact = ArtefactWriter.create(directory, "tokenizer", List.of())) {
        ModelDirectory.writeTokenizer(artefact, format.tokenizer(), format.config());
        artefact.commit();
      }
    }
    return directory;
  }

  /**
   * The model's special tokens, and more that end texts.
   *
   * @param turnEnds ids that end what the assistant says
   */
  public SpecialTokens tokens(Set<Integer> turnEnds) {
    SpecialTokens own = model.stored().config().tokens();
    Set<Integer> more = new TreeSet<>(turnEnds);
    more.removeAll(own.eos());
    List<Integer> ends = new ArrayList<>(own.eos());
    ends.addAll(more);
    return new SpecialTokens(own.bos(), ends, own.pad());
  }

  @Override
  public void close() {
    model.close();
  }
}
