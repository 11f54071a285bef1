package io.kanana.data.filter.language;

import io.kanana.data.filter.language.LanguageIdentifier.Guess;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Languages of the Latin script, told by their most frequent words and by letters of their own. */
final class LatinLanguages {
  /** A language in a line: its code, letters that hardly any other has, its frequent words. */
  private static final String LISTS =
      """
      en - the of and to in is that for it with as was on be by this are or from at an not have you \
      which we can if but all will your has they their more when there what about so would who his \
      he she its been were do does how use used using into only other than then these those \
      a i no my me her him them some many each much after up out
      de ßäöü der die das und ist nicht ein eine einen zu den dem von mit sich auf für im des auch \
      als an es bei nach wird sind war wie oder aus nur noch haben werden über kann wenn
      fr çèêëàùœ le la les de des et est un une du que qui dans en il pour pas sur au avec ce sont \
      par plus ne se vous nous ou mais cette être à elle on sa son leur aux
      es ñ¿¡ el la los las de que y en un una es no se por con para su al lo como más pero sus le ya \
      o este sí porque esta entre cuando muy sin sobre también fue hay
      it òì il di che e la un una in per non sono del della con si le da è dei come al gli anche ma \
      nel più alla questo essere lo ha suo
      pt ãõ o de que e do da em um uma para com não os no se na por mais as dos como mas ao ele das \
      à seu sua ou quando muito nos já também é são
      nl - de het een en van ik te dat die in is je niet zijn op aan met als voor er maar om dan zou \
      ook bij nog wat naar door uit worden deze
      sv å och det att i en jag hon som han på den med var sig för så till är men ett om hade de av \
      icke inte från kan
      da øæ og i det at en den til er som på de med han af for ikke der var mig sig men et har om vi \
      havde fra eller
      pl ąęłżśćźń i w nie na się z do to że jest o jak po co tak za od jego ale przez był dla czy być \
      które
      cs ěřůťď a se v na je že s z do o i to jako za by ale si po jsem jeho pro který byl nebo
      tr ğışİ ve bir bu da de için ile çok ne o gibi daha mi kadar olarak olan ama var sonra
      vi đơư và của là không có được cho một trong với các những người đã để khi này
      id - yang dan di itu dengan untuk tidak ini dari dalam akan pada juga saya ke karena ada mereka \
      sudah oleh atau
      ro țșă și de în la nu a cu pe că o un din mai este sunt care pentru au fost
      fi - ja on ei se että oli hän mutta ovat kun niin myös tai joka mitä ole kuin
      hu őű a az és hogy nem is egy van meg de csak már ez volt mint el kell azt még
      """;

  /** Words of which one in seven is frequent are enough to be sure that it is a language. */
  private static final double EXPECTED = 1.0 / 7;

  private static final int LONGEST = 8;

  /** What English contracts behind an apostrophe; elsewhere some of it are words. */
  private static final Set<String> CONTRACTED = Set.of("s", "t", "d", "m", "ll", "re", "ve");

  private static final List<String> CODES = new ArrayList<>();
  private static final Map<String, int[]> WORDS = new HashMap<>();
  private static final int[] NONE = {};

  /** The language that a letter is a sign of, by letter, or -1. */
  private static final byte[] SIGNS = new byte[0x2000];

  static {
    Arrays.fill(SIGNS, (byte) -1);
    for (String line : LISTS.lines().toList()) {
      String[] parts = line.split(" ");
      int language = CODES.size();
      CODES.add(parts[0]);
      parts[1].chars().filter(c -> c != '-').forEach(c -> SIGNS[c] = (byte) language);
      for (String word : Arrays.asList(parts).subList(2, parts.length)) {
        int[] known = WORDS.getOrDefault(word, NONE);
        int[] more = Arrays.copyOf(known, known.length + 1);
        more[known.length] = language;
        WORDS.put(word, more);
      }
    }
    byte vietnamese = (byte) CODES.indexOf("vi");
    Arrays.fill(SIGNS, 0x1EA0, 0x1EFA, vietnamese);
  }

  private LatinLanguages() {}

  /** The most probable of them, with a score between 0 and 1. */
  static Guess identify(String text) {
    double[] hits = new double[CODES.size()];
    int words = 0;
    int start = -1;
    for (int i = 0; i <= text.length(); i++) {
      char c = i < text.length() ? text.charAt(i) : ' ';
      boolean letter = Character.isLetter(c);
      if (letter && c < SIGNS.length && SIGNS[c] >= 0) {
        hits[SIGNS[c]] += 0.5;
      }
      if (letter && start < 0) {
        start = i;
      } else if (!letter && start >= 0) {
        words += count(text, start, i, hits);
        start = -1;
      }
    }
    return guess(hits, words);
  }

  /** A word that several languages have counts for each in part. Whether it is a word: 1 or 0. */
  private static int count(String text, int from, int to, double[] hits) {
    if (to - from > LONGEST) {
      return 1;
    }
    String word = text.substring(from, to).toLowerCase(Locale.ROOT);
    if (isBehindApostrophe(text, from) && CONTRACTED.contains(word)) {
      return 0;
    }
    int[] languages = WORDS.getOrDefault(word, NONE);
    for (int language : languages) {
      hits[language] += 1.0 / languages.length;
    }
    return 1;
  }

  private static boolean isBehindApostrophe(String text, int at) {
    return at > 1
        && (text.charAt(at - 1) == '\'' || text.charAt(at - 1) == '’')
        && Character.isLetter(text.charAt(at - 2));
  }

  private static Guess guess(double[] hits, int words) {
    double sum = Arrays.stream(hits).sum();
    if (sum == 0) {
      return new Guess(Guess.UNKNOWN, 0);
    }
    int best = 0;
    double squares = 0;
    for (int i = 0; i < hits.length; i++) {
      squares += hits[i] * hits[i];
      best = hits[i] > hits[best] ? i : best;
    }
    double clear = hits[best] * hits[best] / squares;
    return new Guess(CODES.get(best), clear * Math.min(1, sum / (EXPECTED * words)));
  }
}
