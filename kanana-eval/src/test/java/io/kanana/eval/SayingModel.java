package io.kanana.eval;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.eval.model.EvaluationModel;
import io.kanana.eval.request.Context;
import io.kanana.eval.request.Message;
import io.kanana.eval.request.Request;
import io.kanana.eval.request.Response;
import io.kanana.eval.run.Evaluation;
import io.kanana.eval.task.PromptSettings;
import io.kanana.eval.task.TaskTree;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/** Says what a test wants it to say about a prompt; scores a text by minus its length. */
public final class SayingModel implements EvaluationModel {
  private final UnaryOperator<String> says;

  private SayingModel(UnaryOperator<String> says) {
    this.says = says;
  }

  /** The results of a task or group. */
  public static Evaluation.Results run(
      TaskTree tree, PromptSettings settings, UnaryOperator<String> says) {
    Evaluation evaluation = new Evaluation(settings, 100, io.kanana.eval.run.Answers.inMemory());
    return evaluation.run(
        List.of(tree), new SayingModel(says), (done, work, all, allWork, asked) -> {}, () -> false);
  }

  @Override
  public ObjectNode identity() {
    return JsonNodeFactory.instance.objectNode().put("type", "saying");
  }

  @Override
  public Context conversation(List<Message> messages, boolean answerBegun) {
    return new Context.Conversation(messages);
  }

  @Override
  public void answer(List<? extends Request> requests, Answers answers, BooleanSupplier stop) {
    requests.forEach(request -> answers.answered(request, response(request)));
  }

  private Response response(Request request) {
    return switch (request) {
      case Request.LogLikelihood likelihood ->
          new Response.LogLikelihood(-likelihood.continuation().length(), true, 1, 1);
      case Request.RollingLogLikelihood rolling ->
          new Response.RollingLogLikelihood(-rolling.text().length(), 1, 1);
      case Request.GenerateUntil text ->
          new Response.Generated(says.apply(text.context().text()), 1, 1);
    };
  }

  @Override
  public double flops() {
    return 0;
  }

  @Override
  public void close() {}
}
