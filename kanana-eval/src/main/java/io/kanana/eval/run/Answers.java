package io.kanana.eval.run;

import io.kanana.eval.request.Request;
import io.kanana.eval.request.Response;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Answers that are there already, and where new ones are kept. For one thread at a time. */
public interface Answers {
  /** The answer to a request, if it is there. */
  Optional<Response> find(Request request);

  /** Keeps an answer. */
  void keep(Request request, Response response);

  /** Nothing but memory. */
  static Answers inMemory() {
    Map<Request, Response> kept = new HashMap<>();
    return new Answers() {
      @Override
      public Optional<Response> find(Request request) {
        return Optional.ofNullable(kept.get(request));
      }

      @Override
      public void keep(Request request, Response response) {
        kept.put(request, response);
      }
    };
  }
}
