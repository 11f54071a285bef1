package io.kanana.core.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kanana.core.checkpoint.ModelDirectory;
import io.kanana.core.generate.TextGenerator.Continued;
import io.kanana.core.generate.TextGenerator.Options;
import io.kanana.core.golden.Golden;
import io.kanana.core.model.Precision;
import io.kanana.core.template.ChatTokens;
import io.kanana.core.template.RenderOptions;
import io.kanana.core.template.Rendered;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.TensorBackends;
import io.kanana.core.tokenizer.Tokenizer.Specials;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A published model of 135 M parameters, whose directory {@code kanana.real-model} names, against
 * what transformers computes with it.
 */
@Tag("golden")
class RealModelTest {
  private static final double LOG_PROBABILITY = 1e-3;

  private TensorBackend backend;
  private ModelDirectory model;
  private JsonNode golden;

  @BeforeEach
  void open() {
    String directory = System.getProperty("kanana.real-model", "");
    Assumptions.assumeFalse(
        directory.isEmpty(), "no real model; -Dkanana.real-model=DIR names its directory");
    golden = Golden.json(Golden.folder("real-model").resolve("values.json"));
    backend = TensorBackends.open();
    model = ModelDirectory.open(Path.of(directory), backend, Precision.F32);
  }

  @AfterEach
  void close() {
    if (backend != null) {
      model.close();
      backend.close();
    }
  }

  private Continued greedy(int[] prompt, int tokens) {
    Options options = new Options(tokens, SamplingOptions.GREEDY, List.of(), 0);
    return model.generator().stream(prompt, options, piece -> {}, () -> false);
  }

  @Test
  void textsAsTokens() {
    for (JsonNode text : golden.get("tokens").get("cases")) {
      int[] ids = model.tokenizer().encode(text.get("text").asText(), Specials.PARSE_AND_ADD);
      assertThat(ids).containsExactly(Golden.ints(text.get("ids")));
      assertThat(model.tokenizer().decode(ids, false)).isEqualTo(text.get("decoded").asText());
    }
  }

  @Test
  void theNextToken() {
    for (JsonNode next : golden.get("next_token")) {
      Generator.Continuation likeliest = new Likeliest(next.get("top5"));
      new Generator(model.model())
          .generate(List.of(new Generator.Request(Golden.ints(next.get("ids")), 1, likeliest)));
    }
  }

  /** Compares the distribution of one token. */
  private record Likeliest(JsonNode expected) implements Generator.Continuation {
    @Override
    public int choose(float[] logits, int[] tokens) {
      double sum = 0;
      for (float logit : logits) {
        sum += Math.exp(logit);
      }
      for (JsonNode token : expected) {
        assertThat(logits[token.get("id").asInt()] - Math.log(sum))
            .isCloseTo(token.get("logprob").asDouble(), within(LOG_PROBABILITY));
      }
      return 0;
    }

    @Override
    public boolean accept(int token) {
      return true;
    }
  }

  @Test
  void greedyContinuations() {
    for (JsonNode text : golden.get("greedy").get("cases")) {
      int[] prompt = model.tokenizer().encode(text.get("prompt").asText(), Specials.PARSE_AND_ADD);
      assertThat(prompt).containsExactly(Golden.ints(text.get("prompt_ids")));
      Continued answer = greedy(prompt, 40);
      assertThat(answer.ids()).containsExactly(Golden.ints(text.get("ids")));
      String shown = text.get("text").asText().replaceAll("<\\|im_end\\|>$", "");
      assertThat(answer.text()).isEqualTo(shown);
    }
  }

  @Test
  void answersInAConversation() {
    for (JsonNode chat : golden.get("chat")) {
      List<?> messages = new ObjectMapper().convertValue(chat.get("messages"), List.class);
      RenderOptions options = model.withSpecialTokens(RenderOptions.at(Clock.systemUTC()));
      Rendered rendered =
          model.chatTemplate().orElseThrow().render(messages, options.withGenerationPrompt(true));
      assertThat(rendered.text()).isEqualTo(chat.get("rendered").asText());
      int[] prompt = ChatTokens.prompt(rendered, model.tokenizer());
      assertThat(prompt).containsExactly(Golden.ints(chat.get("prompt_ids")));
      Continued answer = greedy(prompt, 64);
      assertThat(answer.ids()).containsExactly(Golden.ints(chat.get("answer_ids")));
      assertThat(answer.text()).isEqualTo(chat.get("answer").asText());
    }
  }
}
