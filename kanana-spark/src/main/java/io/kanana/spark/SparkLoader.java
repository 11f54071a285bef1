package io.kanana.spark;

import io.kanana.core.error.ConfigException;
import io.kanana.core.error.Reason;
import io.kanana.core.extension.Extension;
import io.kanana.data.filter.run.Engine;
import io.kanana.data.filter.run.FilterRun;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;

/**
 * Finds Spark. Where it is on the class path already, as under {@code spark-submit}, it is taken
 * from there. Otherwise its jars, which the build lists beside this module's, are given a loader of
 * their own: on the class path of every command they would be searched at each start, and bring
 * other versions of libraries along.
 *
 * <p>The loader asks itself before its parent, but for our own classes, which the engine has in
 * common with the rest of the program.
 */
final class SparkLoader extends URLClassLoader {
  private static final String OURS = "io.kanana.";
  private static final String ENGINES = "io.kanana.spark.engine.";
  private static final String ENGINE = ENGINES + "SparkEngine";
  private static final String LIST = "spark-class-path";
  private static final String LOGGING = "log4j2.configurationFile";

  static {
    registerAsParallelCapable();
  }

  private SparkLoader(URL[] jars, ClassLoader parent) {
    super("spark", jars, parent);
  }

  /** The engine, which shuts Spark down when it is closed. */
  static Engine engine(FilterRun run, SparkCompute compute) {
    ClassLoader loader = loader();
    if (loader instanceof SparkLoader) {
      logBeside(run);
    }
    try {
      return Class.forName(ENGINE, true, loader)
          .asSubclass(Engine.class)
          .getConstructor(FilterRun.class, SparkCompute.class)
          .newInstance(run, compute);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException known) {
        throw known;
      }
      throw new IllegalStateException("Spark cannot be started", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("the engine cannot be loaded", e);
    }
  }

  /** What Spark logs goes to a file, unless its logging is configured. */
  private static void logBeside(FilterRun run) {
    if (System.getProperty(LOGGING) == null) {
      URL configuration = SparkLoader.class.getResource("log4j2.properties");
      System.setProperty(LOGGING, configuration.toString());
      System.setProperty(
          "kanana.spark.log", run.context().output().resolve("spark.log").toString());
    }
  }

  private static ClassLoader loader() {
    ClassLoader own = SparkLoader.class.getClassLoader();
    return own.getResource("org/apache/spark/SparkContext.class") == null
        ? new SparkLoader(jars(Path.of(Extension.location(SparkLoader.class))), own)
        : own;
  }

  /**
   * This module's classes, then Spark's jars.
   *
   * @param module the jar or directory of this module, beside which they are listed
   * @throws ConfigException if they are not
   */
  static URL[] jars(Path module) {
    Path list = module.resolveSibling(LIST);
    try {
      List<URL> jars = new ArrayList<>();
      jars.add(module.toUri().toURL());
      for (String jar : Files.readString(list).strip().split(File.pathSeparator, -1)) {
        jars.add(Path.of(jar).toUri().toURL());
      }
      return jars.toArray(URL[]::new);
    } catch (MalformedURLException e) {
      throw new IllegalStateException("a path is always a URL", e);
    } catch (IOException e) {
      throw new ConfigException(
          "compute.type",
          "spark needs Spark, which is not on the class path, and "
              + list
              + ", which would list it, cannot be read ("
              + Reason.of(e)
              + "); build kanana-spark, or use spark-submit");
    }
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (name.startsWith("java.") || (name.startsWith(OURS) && !name.startsWith(ENGINES))) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded == null ? find(name) : loaded;
    }
  }

  private Class<?> find(String name) throws ClassNotFoundException {
    try {
      return findClass(name);
    } catch (ClassNotFoundException _) {
      return super.loadClass(name, false);
    }
  }

  @Override
  public URL getResource(String name) {
    URL found = findResource(name);
    return found == null ? super.getResource(name) : found;
  }

  /** Services of libraries that the program has in another version are not Spark's. */
  @Override
  public Enumeration<URL> getResources(String name) throws IOException {
    return name.startsWith("META-INF/services/io.kanana.")
        ? super.getResources(name)
        : findResources(name);
  }
}
