package io.kanana.posttrain.merge;

import io.kanana.core.job.Cancellation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A merge in a process of its own that comes half-way and waits there to be killed. */
final class HangingMerge {
  private HangingMerge() {}

  static Process start(Path directory) throws IOException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    return new ProcessBuilder(
            java.toString(),
            "-cp",
            System.getProperty("java.class.path"),
            HangingMerge.class.getName(),
            directory.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  public static void main(String[] arguments) throws IOException {
    new SmallMerge(Path.of(arguments[0]))
        .run(
            HangingMerge::hangHalfWay,
            new Cancellation(),
            "models: [{path: HERE/a}, {path: HERE/b}]\n");
  }

  private static void hangHalfWay(String status) {
    if (status.contains("layers.1.mlp")) {
      System.out.println("half-way");
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
