package io.kanana.data.miniature;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Text written in one encoding and read in another. */
final class Misreading {
  private record Mistake(Charset written, Charset read) {}

  private static final Charset EUC_KR = Charset.forName("EUC-KR");
  private static final Charset WINDOWS_949 = Charset.forName("x-windows-949");
  private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");

  private static final List<Mistake> KOREAN =
      List.of(
          new Mistake(StandardCharsets.UTF_8, StandardCharsets.ISO_8859_1),
          new Mistake(StandardCharsets.UTF_8, WINDOWS_1252),
          new Mistake(StandardCharsets.UTF_8, WINDOWS_949),
          new Mistake(EUC_KR, StandardCharsets.UTF_8),
          new Mistake(EUC_KR, StandardCharsets.ISO_8859_1));

  private static final List<Mistake> ENGLISH = KOREAN.subList(0, 2);

  private Misreading() {}

  static String of(Page page, Draws draws) {
    boolean korean = page.language() == Language.KOREAN;
    Mistake mistake = draws.pick(korean ? KOREAN : ENGLISH);
    String text = korean ? page.text() : typeset(page.text());
    return new String(text.getBytes(mistake.written()), mistake.read());
  }

  /** With the quotation marks and dashes of print, the only letters of English that can break. */
  private static String typeset(String text) {
    StringBuilder typeset = new StringBuilder();
    for (String line : text.strip().split("\n", -1)) {
      String quoted = line.isBlank() ? line : "“" + line + "”";
      typeset.append(quoted.replace("'", "’").replace(", ", " – ")).append('\n');
    }
    return typeset.toString();
  }
}
