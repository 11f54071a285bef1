package io.kanana.cli.page;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.kanana.core.config.Check;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.KananaException;
import io.kanana.core.error.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * Shows the page of a run on this machine alone, drawn anew at every request, and asks browsers to
 * come again every few seconds. It only reads. Safe for use by several threads.
 */
public final class RunServer implements AutoCloseable {
  private static final String SECONDS = "5";
  private static final int MOST = 65_535;

  private final HttpServer server;
  private final Path run;

  private RunServer(HttpServer server, Path run) {
    this.server = server;
    this.run = run;
  }

  /**
   * Starts it; the caller closes it.
   *
   * @param run the output of a job
   * @param port on 127.0.0.1; 0 for any that is free
   * @throws io.kanana.core.error.DataException if nothing was run there
   * @throws ConfigException if there is no such port, or it cannot be had
   */
  public static RunServer start(Path run, int port) {
    RunStage.of(run);
    Check.that(port >= 0 && port <= MOST, "--port", "must lie in 0 .. %s, got %s", MOST, port);
    try {
      InetAddress here = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
      HttpServer server = HttpServer.create(new InetSocketAddress(here, port), 0);
      RunServer started = new RunServer(server, run);
      server.createContext("/", started::answer);
      server.start();
      return started;
    } catch (IOException e) {
      throw new ConfigException(
          "--port", "must be one that is free on 127.0.0.1, got " + port + ": " + Reason.of(e));
    }
  }

  /** Where a browser finds the page. */
  public String address() {
    return "http://127.0.0.1:" + port() + "/";
  }

  private int port() {
    return server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (!isMeantForUs(exchange)) {
        send(exchange, 403, "text/plain", "this page is for " + address() + " alone\n");
      } else if (!exchange.getRequestMethod().equals("GET")) {
        send(exchange, 405, "text/plain", "pages are only read here\n");
      } else if (!exchange.getRequestURI().getPath().equals("/")) {
        send(exchange, 404, "text/plain", "there is one page, " + address() + "\n");
      } else {
        page(exchange);
      }
    }
  }

  /** A page of somebody else's may have a name that leads here; it must not read this one. */
  private boolean isMeantForUs(HttpExchange exchange) {
    String host = exchange.getRequestHeaders().getFirst("Host");
    return List.of("127.0.0.1:" + port(), "localhost:" + port()).contains(host);
  }

  private void page(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("Refresh", SECONDS);
    try {
      send(exchange, 200, "text/html", new RunPage(run).html());
    } catch (KananaException e) {
      send(exchange, 500, "text/plain", e.getMessage() + "\n");
    } catch (RuntimeException e) {
      send(exchange, 500, "text/plain", "this is a bug in kanana: " + e + "\n");
    }
  }

  private static void send(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type + "; charset=utf-8");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
