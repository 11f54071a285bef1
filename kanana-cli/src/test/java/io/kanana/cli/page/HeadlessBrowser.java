package io.kanana.cli.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Chromium without a window, asked through its DevTools protocol on 127.0.0.1. For one thread.
 *
 * @see <a href="https://chromedevtools.github.io/devtools-protocol/">the protocol</a>
 */
final class HeadlessBrowser implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SECONDS = 60;

  private final Process process;
  private final HttpClient client = HttpClient.newHttpClient();
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
  private final WebSocket socket;
  private int calls;

  private HeadlessBrowser(Process process, String endpoint) throws Exception {
    this.process = process;
    URI browser = URI.create(endpoint);
    String list = "http://" + browser.getAuthority() + "/json/list";
    JsonNode pages =
        JSON.readTree(
            client
                .send(HttpRequest.newBuilder(URI.create(list)).build(), BodyHandlers.ofString())
                .body());
    String page = pages.get(0).get("webSocketDebuggerUrl").asText();
    this.socket = client.newWebSocketBuilder().buildAsync(URI.create(page), new Collecting()).get();
  }

  /** The program, if there is one on the path. */
  static Optional<Path> program() {
    List<String> names = List.of("chromium", "chromium-browser", "google-chrome", "chrome");
    return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
        .flatMap(directory -> names.stream().map(Path.of(directory)::resolve))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * Starts one; the caller closes it.
   *
   * @param profile an empty directory for its files
   */
  static HeadlessBrowser start(Path program, Path profile) throws Exception {
    Process process =
        new ProcessBuilder(
                program.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      return new HeadlessBrowser(process, endpoint(process));
    } catch (Exception | Error e) {
      process.destroyForcibly();
      throw e;
    }
  }

  /** It says where it listens. */
  private static String endpoint(Process process) throws IOException {
    BufferedReader errors = process.errorReader(StandardCharsets.UTF_8);
    String begin = "DevTools listening on ";
    for (String line = errors.readLine(); line != null; line = errors.readLine()) {
      if (line.startsWith(begin)) {
        Thread.ofVirtual().start(() -> errors.lines().forEach(_ -> {}));
        return line.substring(begin.length());
      }
    }
    throw new IOException("the browser ended before it listened");
  }

  /** Shows a file in a window of so many pixels. */
  void show(Path file, int width, boolean dark) throws Exception {
    ObjectNode size =
        parameters()
            .put("width", width)
            .put("height", 900)
            .put("deviceScaleFactor", 1)
            .put("mobile", false);
    call("Emulation.setDeviceMetricsOverride", size);
    ObjectNode media = parameters();
    media
        .putArray("features")
        .addObject()
        .put("name", "prefers-color-scheme")
        .put("value", dark ? "dark" : "light");
    call("Emulation.setEmulatedMedia", media);
    call("Page.navigate", parameters().put("url", file.toUri().toString()));
    while (!evaluate("document.readyState + location.protocol").asText().equals("completefile:")) {
      Thread.sleep(20);
    }
  }

  /** The value of an expression of JavaScript in the page. */
  JsonNode evaluate(String expression) throws Exception {
    ObjectNode asked = parameters().put("expression", expression).put("returnByValue", true);
    return call("Runtime.evaluate", asked).path("result").path("value");
  }

  static ObjectNode parameters() {
    return JSON.createObjectNode();
  }

  private JsonNode call(String method, ObjectNode parameters) throws Exception {
    int id = ++calls;
    ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
    message.set("params", parameters);
    socket.sendText(message.toString(), true).get();
    while (true) {
      String text = answers.poll(SECONDS, TimeUnit.SECONDS);
      if (text == null) {
        throw new IOException("no answer to " + message);
      }
      JsonNode answer = JSON.readTree(text);
      if (answer.path("id").asInt() == id) {
        return answer.path("result");
      }
    }
  }

  @Override
  public void close() {
    socket.abort();
    client.close();
    process.destroyForcibly().onExit().join();
  }

  /** Puts parts of messages together. */
  private final class Collecting implements WebSocket.Listener {
    private final StringBuilder begun = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      begun.append(part);
      if (last) {
        answers.add(begun.toString());
        begun.setLength(0);
      }
      from.request(1);
      return null;
    }
  }
}
