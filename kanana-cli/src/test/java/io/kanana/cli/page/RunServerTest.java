package io.kanana.cli.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.error.ConfigException;
import io.kanana.core.error.DataException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunServerTest {
  @TempDir Path run;

  @BeforeEach
  void aRun() throws IOException {
    Files.writeString(run.resolve("config.yaml"), "job: pretrain\n");
  }

  private static String asked(RunServer server, String request, String host) throws IOException {
    URI address = URI.create(server.address());
    try (Socket socket = new Socket(address.getHost(), address.getPort())) {
      String text = request + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
      return new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
          .lines()
          .collect(Collectors.joining("\n"));
    }
  }

  private static String host(RunServer server) {
    return URI.create(server.address()).getAuthority();
  }

  @Test
  void thePageGrowsWithTheRun() throws IOException {
    try (RunServer server = RunServer.start(run, 0)) {
      assertThat(asked(server, "GET /", host(server)))
          .startsWith("HTTP/1.1 200")
          .contains("Refresh: 5", "Settings of")
          .doesNotContain("<figcaption>loss");
      Files.writeString(
          run.resolve("metrics.jsonl"),
          "{\"event\":\"step\",\"step\":1,\"loss\":2}\n{\"event\":\"step\",\"step\":2,\"loss\":1}\n");
      assertThat(asked(server, "GET /", host(server))).contains("<figcaption>loss");
    }
  }

  @Test
  void itOnlyShowsThePageAndOnlyToUs() throws IOException {
    try (RunServer server = RunServer.start(run, 0)) {
      assertThat(server.address()).startsWith("http://127.0.0.1:");
      assertThat(asked(server, "GET /", "evil.example")).startsWith("HTTP/1.1 403");
      assertThat(asked(server, "POST /", host(server))).startsWith("HTTP/1.1 405");
      assertThat(asked(server, "GET /../../etc/passwd", host(server))).startsWith("HTTP/1.1 404");
    }
  }

  @Test
  void aDamagedFileIsToldAndTheServerLives() throws IOException {
    try (RunServer server = RunServer.start(run, 0)) {
      Files.writeString(run.resolve("metrics.jsonl"), "{\n{}\n");
      assertThat(asked(server, "GET /", host(server)))
          .startsWith("HTTP/1.1 500")
          .contains("metrics.jsonl: is no metrics file");
      Files.delete(run.resolve("metrics.jsonl"));
      assertThat(asked(server, "GET /", host(server))).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void mistakesAreTold() {
    assertThatThrownBy(() -> RunServer.start(run.resolve("none"), 0))
        .isInstanceOf(DataException.class);
    assertThatThrownBy(() -> RunServer.start(run, 70_000))
        .isInstanceOf(ConfigException.class)
        .hasMessage("--port: must lie in 0 .. 65535, got 70000");
    try (RunServer server = RunServer.start(run, 0)) {
      int taken = URI.create(server.address()).getPort();
      assertThatThrownBy(() -> RunServer.start(run, taken))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("--port: must be one that is free on 127.0.0.1, got " + taken);
    }
  }
}
