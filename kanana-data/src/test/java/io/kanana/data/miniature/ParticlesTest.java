package io.kanana.data.miniature;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParticlesTest {
  @ParameterizedTest
  @CsvSource({
    "감자은(는),감자는",
    "귤은(는),귤은",
    "감자이(가),감자가",
    "귤이(가),귤이",
    "보리을(를),보리를",
    "콩을(를),콩을",
    "모루과(와),모루와",
    "초롱과(와),초롱과",
    "솔마루으로(로),솔마루로",
    "보름재으로(로),보름재로",
    "햇살들으로(로),햇살들로",
    "샘골으로(로),샘골로",
    "은빛강으로(로),은빛강으로",
    "모루아(야),모루야",
    "초롱아(야),초롱아",
    "여우이다(다),여우다",
    "곰이다(다),곰이다",
    "여우이었다(였다),여우였다",
    "곰이었다(였다),곰이었다",
    "감자이야(야),감자야",
    "귤이야(야),귤이야",
    "도토리골이라는(라는),도토리골이라는",
    "꽃내이라는(라는),꽃내라는",
    "3은(는),3은",
    "2은(는),2는",
    "7으로(로),7로",
    "10으로(로),10으로",
    "6으로(로),6으로",
    "4으로(로),4로",
    "100이(가),100이",
    "95을(를),95를",
    "Seoul으로(로),Seoul로",
    "Moru은(는),Moru는",
    "Uram이(가),Uram이",
    "모루은(는) 귤을(를) 여우과(와),모루는 귤을 여우와",
    "큰 산(높다)은,큰 산(높다)은"
  })
  void followTheSoundBeforeThem(String written, String read) {
    assertThat(Particles.resolve(written)).isEqualTo(read);
  }
}
