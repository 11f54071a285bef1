package io.kanana.eval.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.eval.request.Context;
import io.kanana.eval.request.Message;
import io.kanana.eval.request.Request;
import io.kanana.eval.request.Response;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** A model under evaluation. Not safe for use by several threads. */
public interface EvaluationModel extends AutoCloseable {
  /** Takes answers as they come, in any order; from one thread at a time. */
  interface Answers {
    void answered(Request request, Response response);
  }

  /** A section {@code model:} of a configuration, chosen by its {@code type}. */
  interface Config {
    /**
     * Opens the model; the caller closes it.
     *
     * @param clock what a chat template reads that asks for the date
     */
    EvaluationModel open(Clock clock);

    /** What it is, for tables: a path, or a name and an address. */
    String label();

    /**
     * What {@code --dry-run} says of it: {@link #label}, or which directory is not there yet. An
     * earlier job of a pipeline may make that.
     *
     * @throws io.kanana.core.error.KananaException for what cannot work
     */
    String plan();

    /** The directory of the model, where it has one on this machine. */
    Optional<Path> directory();
  }

  /** What identifies it, so that answers of one model are never taken for those of another. */
  ObjectNode identity();

  /**
   * A conversation as this model is to read it.
   *
   * @param answerBegun whether the last message is the beginning of the answer, to be gone on with
   * @throws io.kanana.core.error.KananaException if it has no way to write conversations
   */
  Context conversation(List<Message> messages, boolean answerBegun);

  /**
   * Answers each request once.
   *
   * @param requests different ones
   * @param stop asked now and then; true leaves the rest unanswered
   */
  void answer(List<? extends Request> requests, Answers answers, BooleanSupplier stop);

  /** Floating-point operations so far, where they are known; else 0. */
  double flops();

  @Override
  void close();
}
