package io.kanana.spark.engine;

import io.kanana.core.error.ConfigException;
import io.kanana.core.error.Reason;
import io.kanana.core.extension.Extension;
import io.kanana.data.filter.run.FilterRun;
import io.kanana.spark.SparkCompute;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.SparkConf;

/**
 * What Spark is told: first what {@code spark-submit} and system properties say, then the
 * configuration, then what follows from these.
 */
final class Settings {
  /** What our classes need of a JVM, besides what Spark gives to it anyway. */
  private static final String JVM =
      "--add-modules=jdk.incubator.vector --enable-native-access=ALL-UNNAMED"
          + " --sun-misc-unsafe-memory-access=allow";

  private static final String MASTER = "spark.master";
  private static final String JARS = "spark.jars";
  private static final String EXECUTOR_OPTIONS = "spark.executor.extraJavaOptions";

  private Settings() {}

  static SparkConf of(FilterRun run, SparkCompute compute) {
    SparkConf conf = new SparkConf();
    conf.setIfMissing(MASTER, compute.master());
    compute.options().forEach(conf::setIfMissing);
    conf.setIfMissing("spark.app.name", "kanana filter " + run.context().output());
    conf.setIfMissing("spark.driver.maxResultSize", "0");
    conf.set("spark.ui.showConsoleProgress", "false");
    conf.set(EXECUTOR_OPTIONS, (JVM + " " + conf.get(EXECUTOR_OPTIONS, "")).strip());
    if (isLocal(conf)) {
      conf.setIfMissing("spark.local.dir", run.work().path().resolve("spark").toString());
      // nothing that other machines could reach
      conf.setIfMissing("spark.ui.enabled", "false");
      conf.setIfMissing("spark.driver.host", "127.0.0.1");
      conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
    } else if (!conf.contains(JARS)) {
      conf.set(JARS, jars());
    }
    return conf;
  }

  static boolean isLocal(SparkConf conf) {
    return conf.get(MASTER).startsWith("local");
  }

  /** Our jars, which the build lists beside this module's. */
  private static String jars() {
    Path module = Path.of(Extension.location(SparkCompute.class));
    Path list = module.resolveSibling("jars");
    try {
      return module + "," + Files.readString(list).strip();
    } catch (IOException e) {
      throw new ConfigException(
          "compute.options",
          "name no spark.jars for the machines of the cluster, and "
              + list
              + ", which would list them, cannot be read ("
              + Reason.of(e)
              + "); build kanana-spark, or use spark-submit with --jars");
    }
  }
}
