package io.kanana.posttrain.online;

import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.core.checkpoint.Artefact;
import io.kanana.posttrain.SmallChat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BestOfNJobTest {
  @TempDir Path directory;

  @Test
  void answersOfAnotherModelAreNotTaken() throws IOException {
    SmallChat chat = new SmallChat(directory);
    Path model = chat.model();
    String config =
        """
        job: best-of-n
        compute: {backend: cpu, threads: 1}
        model: %s
        data: {template: chatml, held-out-share: 0.5, prompts: [%s], max-prompt-tokens: 30}
        questions: 3
        answers: {of: [1, 2], max-new-tokens: 4, batch: 2}
        candidates: {short: {type: rule, rules: [{type: length, free: 1, per-token: -1.0}]}}
        judge: {type: rule, rules: [{type: length, free: 1, per-token: -1.0}]}
        """
            .formatted(model, chat.conversations(20));
    chat.run(config);
    assertThat(Files.readAllLines(chat.file("answers.jsonl"))).hasSize(3);
    chat.run(config);
    assertThat(Files.readAllLines(chat.file("answers.jsonl"))).hasSize(3);
    Artefact.remove(model);
    chat.model(4);
    chat.run(config);
    assertThat(Files.readAllLines(chat.file("answers.jsonl"))).hasSize(6);
  }
}
