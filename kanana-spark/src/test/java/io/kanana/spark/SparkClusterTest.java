package io.kanana.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A master and two workers, to which {@code spark-submit} brings a run. */
@DisabledOnOs(OS.WINDOWS)
@TestMethodOrder(OrderAnnotation.class)
class SparkClusterTest {
  private static final long LONGEST_SECONDS = 180;

  @TempDir static Path directory;

  private static Web web;
  private static SortedMap<String, String> expected;
  private static SparkCluster cluster;

  @BeforeAll
  static void start() throws Exception {
    web = Web.write(Files.createDirectory(directory.resolve("web")), 400);
    Run.of(web.config("local", Web.STEPS));
    expected = Outcome.of(web.output("local"));
    cluster = SparkCluster.start(Files.createDirectory(directory.resolve("cluster")));
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  private static void assertSucceeds(Process driver, String name) throws Exception {
    assertThat(driver.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)).as(cluster.output(name)).isTrue();
    assertThat(driver.exitValue()).as(cluster.output(name)).isZero();
    assertThat(Outcome.of(web.output(name))).isEqualTo(expected);
    assertThat(web.output(name).resolve("work")).doesNotExist();
    assertThat(cluster.output(name)).contains("faults for mojibake: 15 of 15 found");
  }

  @Test
  @Order(1)
  void givesWhatThisProcessGives() throws Exception {
    Path config = web.config("cluster", Web.STEPS);
    assertSucceeds(cluster.submit("cluster", List.of(config.toString())), "cluster");
  }

  @Test
  @Order(2)
  void mistakesEndASubmittedRunAsTheyEndAnyOther() throws Exception {
    Path config = web.config("mistaken", "- lenght");
    Process driver = cluster.submit("mistaken", List.of(config.toString()));
    assertThat(driver.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(driver.exitValue()).isEqualTo(2);
    assertThat(cluster.output("mistaken"))
        .contains("error: steps[0].type: unknown type \"lenght\"; did you mean length?")
        .doesNotContain("\tat ");
  }

  @Test
  @Order(3)
  void aWorkerThatDiesChangesNothing() throws Exception {
    Path config = web.config("bereft", Web.STEPS);
    Process driver = cluster.submit("bereft", List.of(config.toString(), "--resume"));
    Path first = web.output("bereft").resolve("work/stage-0");
    while (!(cluster.bothWork() && holdsShards(first))) {
      assertThat(driver.isAlive()).as(cluster.output("bereft")).isTrue();
      Thread.sleep(5);
    }
    cluster.killWorker(0);
    assertThat(web.output("bereft").resolve("kept")).doesNotExist();
    assertSucceeds(driver, "bereft");
    assertThat(cluster.output("bereft")).contains("Lost executor");
  }

  private static boolean holdsShards(Path stage) {
    String[] names = stage.toFile().list();
    return names != null && List.of(names).stream().anyMatch(name -> name.matches("\\d+-\\d+"));
  }
}
