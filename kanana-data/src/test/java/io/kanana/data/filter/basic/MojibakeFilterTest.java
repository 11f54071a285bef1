package io.kanana.data.filter.basic;

import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.data.document.Document;
import io.kanana.data.filter.CascadeStep;
import io.kanana.data.filter.CascadeStepContract;
import io.kanana.data.filter.Verdict;
import java.nio.charset.Charset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MojibakeFilterTest extends CascadeStepContract {
  private static final String KOREAN = "큰솔마을은 북쪽 고원에 있는 조용한 마을입니다. 마을 앞으로 은빛강이 흐르고, 장날에는 사람이 많습니다.";
  private static final MojibakeFilter FILTER = new MojibakeFilter.Config(0.005).create();

  @Override
  protected CascadeStep.Config config() {
    return FILTER.config();
  }

  @Override
  protected List<Document> documents() {
    return List.of(Document.of("good", KOREAN), Document.of("bad", "It\u00E2\u20AC\u2122s here."));
  }

  private static String misread(String text, String written, String read) {
    return new String(text.getBytes(Charset.forName(written)), Charset.forName(read));
  }

  @ParameterizedTest
  @CsvSource({
    "UTF-8, ISO-8859-1",
    "UTF-8, windows-1252",
    "UTF-8, EUC-KR",
    "UTF-8, x-windows-949",
    "EUC-KR, UTF-8",
    "EUC-KR, ISO-8859-1",
    "EUC-KR, windows-1252"
  })
  void koreanInAWrongEncodingIsMostlyDebris(String written, String read) {
    assertThat(EncodingDebris.share(misread(KOREAN, written, read))).isGreaterThan(0.2);
  }

  @Test
  void debrisOfUtf8InEucKrIsKnownWithoutReplacementCharacters() {
    String debris = misread(KOREAN, "UTF-8", "x-windows-949").replace('\uFFFD', '?');
    assertThat(EncodingDebris.share(debris)).isGreaterThan(0.2);
  }

  @Test
  void quotesAndAccentsReadAsWindows1252AreCounted() {
    String english = "It’s a café – “the best” of all towns, said the miller’s friend.";
    String debris = misread(english, "UTF-8", "windows-1252");
    assertThat(FILTER.judge(Document.of("d", debris))).isInstanceOf(Verdict.Drop.class);
    assertThat(EncodingDebris.share("ab\uFFFD d")).isEqualTo(0.25);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "It’s a café – “the best” of all towns.",
        "L’été, où règne la forêt ; Ça, c’est très tôt : À bientôt. Müller heißt „Größe“.",
        "Äpfel, Öl & Übung: ÄÖÜ äöü ß, 5 °C ± 1, «garçon» ¿Qué? ½ £ § © ® naïve",
        "ㅋㅋㅋ 뷁 똠방각하 펲시 가나다라마바사아자차카타파하 그래서 그러니까 좋아요 정말 재미있는 영화",
        "日本語のページです。漢字とかな。",
        "Привет, мир",
        "🙂 emoji",
      })
  void rightTextIsNone(String text) {
    assertThat(FILTER.judge(Document.of("d", text))).isInstanceOf(Verdict.Keep.class);
  }
}
