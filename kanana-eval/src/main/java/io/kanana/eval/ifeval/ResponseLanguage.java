package io.kanana.eval.ifeval;

import com.cybozu.labs.langdetect.Detector;
import com.cybozu.labs.langdetect.DetectorFactory;
import com.cybozu.labs.langdetect.LangDetectException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The language of a text, by the library whose port IFEval was scored with. Words in capitals say
 * nothing to it. Safe for use by several threads.
 */
public final class ResponseLanguage {
  private static final String LANGUAGES =
      "af ar bg bn cs da de el en es et fa fi fr gu he hi hr hu id it ja kn ko lt lv mk ml mr ne nl"
          + " no pa pl pt ro ru sk sl so sq sv sw ta te th tl tr uk ur vi zh-cn zh-tw";

  /** The library draws at random how much it smooths; its state is its own and shared. */
  private static final long SEED = 0;

  static {
    try {
      List<String> profiles = new ArrayList<>();
      for (String language : LANGUAGES.split(" ", -1)) {
        profiles.add(profile(language));
      }
      DetectorFactory.loadProfile(profiles);
      DetectorFactory.setSeed(SEED);
    } catch (LangDetectException e) {
      throw new IllegalStateException("langdetect refuses its own profiles", e);
    }
  }

  private ResponseLanguage() {}

  private static String profile(String language) {
    try (InputStream in = DetectorFactory.class.getResourceAsStream("/profiles/" + language)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Whether a text is in a language, by its code; one that no language can be told of is in all.
   */
  public static boolean isIn(String text, String language) {
    return of(text).map(language::equals).orElse(true);
  }

  /** The code of the likeliest language; nothing where no character says anything. */
  public static Optional<String> of(String text) {
    try {
      Detector detector = DetectorFactory.create();
      detector.append(text);
      return Optional.of(detector.detect());
    } catch (LangDetectException _) {
      return Optional.empty(); // its way to say so
    }
  }
}
