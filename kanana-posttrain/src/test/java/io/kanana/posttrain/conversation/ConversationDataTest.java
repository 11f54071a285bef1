package io.kanana.posttrain.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.config.Binder;
import io.kanana.core.config.Yaml;
import io.kanana.core.error.ConfigException;
import io.kanana.core.extension.Extensions;
import io.kanana.data.mixture.OnLimit;
import io.kanana.posttrain.PosttrainExtensions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ConversationDataTest {
  private static ConversationData bind(ObjectNode tree) {
    return new Binder(Extensions.of(new PosttrainExtensions()))
        .bind(ConversationData.class, tree)
        .config();
  }

  /** The section of the guide. */
  private static ObjectNode guide() throws IOException {
    Path guide = Path.of(System.getProperty("kanana.root", ".."), "docs/guides/conversations.md");
    String text = Files.readString(guide);
    String block = text.substring(text.indexOf("```yaml\ndata:") + "```yaml\n".length());
    return (ObjectNode) Yaml.read(block.substring(0, block.indexOf("```"))).get("data");
  }

  @Test
  void theSectionOfTheGuide() throws IOException {
    ConversationData data = bind(guide());
    assertThat(data.domains()).containsOnlyKeys("math", "chat");
    assertThat(data.domains().get("math"))
        .isEqualTo(
            new ConversationData.Domain(
                List.of(ConversationFiles.of("data/math.jsonl.gz")),
                OptionalDouble.of(70),
                OptionalDouble.of(3)));
    ConversationFiles chat =
        (ConversationFiles) data.domains().get("chat").conversations().getFirst();
    assertThat(chat.path()).isEqualTo("data/chat/*.jsonl");
    assertThat(chat.form()).isEqualTo(RecordForm.SHAREGPT);
    assertThat(data.template()).contains(BuiltInTemplate.CHATML);
    assertThat(data.tooLong()).isEqualTo(TooLong.DROP);
    assertThat(data.onLimit()).isEqualTo(OnLimit.REFUSE);
    assertThat(data.mixture().askedShares()).containsEntry("math", 0.7);
    assertThat(bind(guide().put("template", "llama-3")).template())
        .contains(BuiltInTemplate.LLAMA_3);
  }

  @Test
  void whatCannotBeReadIsNamed() throws IOException {
    ObjectNode tree = guide().put("held-out-share", 1.5);
    ((ObjectNode) tree.get("domains").get("math")).put("max-epochs", 0);
    assertThatThrownBy(() -> bind(tree))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("must lie in 0 .. 1");
    ObjectNode unweighed = guide();
    ((ObjectNode) unweighed.get("domains").get("math")).remove("weight");
    assertThatThrownBy(() -> bind(unweighed))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("must all have a weight, or none of them; 1 of 2 have one");
  }
}
