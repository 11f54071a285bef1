package io.kanana.data.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.kanana.core.error.ConfigException;
import io.kanana.core.random.RandomKey;
import io.kanana.data.document.Document;
import io.kanana.data.filter.CascadeStep;
import io.kanana.data.filter.CascadeStepContract;
import io.kanana.data.filter.Verdict;
import io.kanana.data.privacy.PersonalData.Replacement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PersonalDataTest extends CascadeStepContract {
  private static final List<String> PIECES =
      List.of(
          "02 123 4567",
          "010-1234-5678",
          "01012345678",
          "+82-10-1234-5678",
          "+44 20 7946 0958",
          "(202) 555-0187",
          "202-456-1111",
          "900101-1234568",
          "9001015234561",
          "4111 1111 1111 1111",
          "378282246310005",
          "8.8.8.8",
          "2001:4860:4860::8888",
          "kim@mail.kr",
          "M12345678",
          "M123A4567",
          "110-123-456789",
          "은행",
          "여권 ",
          "<PHONE>",
          "@",
          "+",
          "(",
          ")",
          "-",
          ".",
          " ",
          ":",
          ". ",
          "\n",
          "1",
          "02",
          "000",
          "7",
          "a",
          "M",
          "가");

  private static PersonalData step(Replacement replacement, CheckDigit check) {
    return new PersonalData.Config(
            List.of(PersonalKind.values()), replacement, 7, check, "personal-data")
        .create();
  }

  private static final PersonalData PLACEHOLDERS =
      step(Replacement.PLACEHOLDER, CheckDigit.BY_BIRTH);
  private static final PersonalData FAKES = step(Replacement.FAKE, CheckDigit.BY_BIRTH);

  @Override
  protected CascadeStep.Config config() {
    return new PersonalData.Config(
        List.of(PersonalKind.values()), Replacement.FAKE, 1, CheckDigit.BY_BIRTH, "personal-data");
  }

  @Override
  protected List<Document> documents() {
    return List.of(
        Document.of("clean", "Nothing to see."), Document.of("mail", "write to kim@mail.kr"));
  }

  private static Document apply(PersonalData step, Document document) {
    return ((Verdict.Keep) step.apply(document)).document();
  }

  private static String masked(PersonalData step, String text) {
    return apply(step, Document.of("d", text)).text();
  }

  private static String masked(String text) {
    return masked(PLACEHOLDERS, text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "EMAIL|kim.cs+x@mail.example.kr",
        "EMAIL|A_b%c-1@sub-domain.co.uk",
        "IP_ADDRESS|8.8.8.8",
        "IP_ADDRESS|172.32.0.1",
        "IP_ADDRESS|2001:4860:4860::8888",
        "IP_ADDRESS|2a00:1450:4001:081b:0000:0000:0000:200e",
        "PHONE|010-1234-5678",
        "PHONE|010 1234 5678",
        "PHONE|010.1234.5678",
        "PHONE|010 - 1234 - 5678",
        "PHONE|010  1234  5678",
        "PHONE|01012345678",
        "PHONE|010-12345678",
        "PHONE|011-234-5678",
        "PHONE|02-123-4567",
        "PHONE|02)1234-5678",
        "PHONE|(02) 1234-5678",
        "PHONE|(031)123-4567",
        "PHONE|070-1234-5678",
        "PHONE|0504-1234-5678",
        "PHONE|+82-10-1234-5678",
        "PHONE|+82 (0)10 1234 5678",
        "PHONE|+82 2 123 4567",
        "PHONE|+821012345678",
        "PHONE|+44 20 7946 0958",
        "PHONE|+44 (0)20 7946 0958",
        "PHONE|+4915123456789",
        "PHONE|+1 (202) 456-1111",
        "PHONE|+12024561111",
        "PHONE|(202) 456-1111",
        "PHONE|202-456-1111",
        "PHONE|1-202-456-1111",
        "RESIDENT_NUMBER|900101-1234568",
        "RESIDENT_NUMBER|900101 - 1234568",
        "RESIDENT_NUMBER|9001011234568",
        "RESIDENT_NUMBER|210315-3123456",
        "RESIDENT_NUMBER|210315-3123454",
        "FOREIGNER_NUMBER|900101-5234561",
        "CARD_NUMBER|4111111111111111",
        "CARD_NUMBER|4111-1111-1111-1111",
        "CARD_NUMBER|5555 5555 5555 4444",
        "CARD_NUMBER|2223003122003222",
        "CARD_NUMBER|3782 822463 10005",
        "CARD_NUMBER|3056 930902 5904",
        "CARD_NUMBER|36227206271667",
        "CARD_NUMBER|6011111111111117",
        "CARD_NUMBER|3530111333300000",
        "CARD_NUMBER|6200000000000005",
        "CARD_NUMBER|9410123456789010",
        "CARD_NUMBER|4000 0000 0000 0000 006",
      })
  void isFoundWithoutAnyContext(PersonalKind kind, String value) {
    String placeholder = kind.placeholder();
    assertThat(masked(value)).isEqualTo(placeholder);
    assertThat(masked("번호는 " + value + "입니다.")).isEqualTo("번호는 " + placeholder + "입니다.");
    assertThat(masked("see [" + value + "], " + value + "."))
        .isEqualTo("see [" + placeholder + "], " + placeholder + ".");
    assertThat(masked(FAKES, "x " + value + " y")).isNotEqualTo("x " + value + " y");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kim@example.com",
        "kim@mail.test",
        "kim@host",
        "@kim.kr",
        "kim@@mail.kr",
        "a@b.c1",
        "kim@-mail.kr",
        "127.0.0.1 and 10.1.2.3, 192.168.0.1, 172.16.0.1, 172.31.255.255, 169.254.1.1, 100.64.0.1",
        "192.0.2.1 198.51.100.7 203.0.113.9 224.0.0.1 255.255.255.255 0.0.0.0",
        "1.2.3 and 1.2.3.4.5 and 256.1.1.1 and 01.2.3.4",
        "람보1.2.3.4 and the parts 1.2.3.5",
        "::1 fe80::1 fd00::1 2001:db8::1 12:30:45 a::b std::max 00:1b:44:11:3a:b7",
        "2001:4860:4860::8888::1",
        "010-0234-5678",
        "010-123-4567",
        "1588-1234 and 080-123-4567",
        "02-123-456",
        "2024-01-15 and 12.34.5678",
        "202-555-0187 (202) 555-0100 +1 202 555 0142",
        "102-456-1111",
        "+999 12 345 6789",
        "+1234567",
        "900101-1234567",
        "9001011234567",
        "901301-1234568",
        "900230-1234568",
        "210931-3123456",
        "200930-3123456",
        "900101-12345678",
        "4111 1111 1111 1112",
        "4111111111111112",
        "1111111111111117",
        "0.4111111111111111",
        "x4111111111111111",
        "41111111111111110000",
        "110-123-456789",
        "M12345678",
      })
  void staysWithoutContextOrWithWrongDigits(String text) {
    Document document = Document.of("d", text);
    assertThat(apply(PLACEHOLDERS, document)).isSameAs(document);
    assertThat(apply(FAKES, document)).isSameAs(document);
  }

  @Test
  void accountsAndPassportsAreKnownByTheirSentence() {
    assertThat(masked("국민은행 123-45-678901 홍길동")).isEqualTo("국민은행 <BANK_ACCOUNT> 홍길동");
    assertThat(masked("123-45-678901 (신한은행). 계속")).isEqualTo("<BANK_ACCOUNT> (신한은행). 계속");
    assertThat(masked("계좌번호: 11012345678901")).isEqualTo("계좌번호: <BANK_ACCOUNT>");
    assertThat(masked("국민은행에 갔다. 123-45-678901")).endsWith("123-45-678901");
    assertThat(masked("은행 2024-01-15")).endsWith("2024-01-15");
    assertThat(masked("농협 010-1234-5678")).isEqualTo("농협 <PHONE>");
    assertThat(masked("여권번호 M12345678")).isEqualTo("여권번호 <PASSPORT>");
    assertThat(masked("Passport No. M123A4567, Korea")).isEqualTo("Passport No. <PASSPORT>, Korea");
    assertThat(masked("여권번호 M1234567")).isEqualTo("여권번호 M1234567");
  }

  @Test
  void aRegistrationNumberNeedsItsCheckDigitAsAsked() {
    PersonalData always = step(Replacement.PLACEHOLDER, CheckDigit.ALWAYS);
    PersonalData never = step(Replacement.PLACEHOLDER, CheckDigit.NEVER);
    assertThat(masked(always, "210315-3123456")).isEqualTo("210315-3123456");
    assertThat(masked(always, "210315-3123454")).isEqualTo("<RESIDENT_NUMBER>");
    assertThat(masked(never, "900101-1234567")).isEqualTo("<RESIDENT_NUMBER>");
    assertThat(masked(never, "9001011234567")).isEqualTo("9001011234567");
    assertThat(masked(never, "901301-1234567")).isEqualTo("901301-1234567");
    String fake = masked(step(Replacement.FAKE, CheckDigit.NEVER), "900101-1234567");
    assertThat(fake).matches("\\d\\d0230-[1-4]\\d{6}");
    assertThat(masked(never, fake)).isEqualTo(fake);
  }

  @Test
  void countsGoToTheMetadataAndAdd() {
    Document document =
        new Document("d", "a@b.kr b@c.kr 8.8.8.8", Map.of("personal-data", Map.of("email", 2)));
    assertThat(apply(PLACEHOLDERS, document).metadata())
        .containsEntry("personal-data", Map.of("email", 4L, "ip-address", 1L));
    PersonalData phones =
        new PersonalData.Config(
                List.of(PersonalKind.PHONE),
                Replacement.PLACEHOLDER,
                1,
                CheckDigit.BY_BIRTH,
                "private")
            .create();
    Document some = apply(phones, Document.of("d", "a@b.kr 010-1234-5678"));
    assertThat(some.text()).isEqualTo("a@b.kr <PHONE>");
    assertThat(some.metadata()).containsEntry("private", Map.of("phone", 1L));
  }

  @Test
  void fakesAreConsistentAndDifferBySeed() {
    String fakes = masked(FAKES, "010-1234-5678 01012345678 010-1234-5679");
    String[] parts = fakes.split(" ", -1);
    assertThat(parts[0]).matches("010-0\\d{3}-\\d{4}").isNotEqualTo(parts[2]);
    assertThat(parts[1]).isEqualTo(parts[0].replace("-", ""));
    assertThat(masked(FAKES, "+82 10-1234-5678")).isEqualTo("+82 " + parts[0].substring(1));
    assertThat(masked(FAKES, "Kim@Mail.kr")).isEqualTo(masked(FAKES, "kim@mail.kr"));
    assertThat(masked((PersonalData) config().create(), "8.8.8.8 a@b.kr"))
        .isNotEqualTo(masked(FAKES, "8.8.8.8 a@b.kr"));
  }

  @Test
  void fakesLookRight() {
    assertThat(masked(FAKES, "a@b.kr")).matches("user[0-9a-f]{10}@example\\.(com|net|org)");
    assertThat(masked(FAKES, "8.8.8.8"))
        .matches("(192\\.0\\.2|198\\.51\\.100|203\\.0\\.113)\\.\\d+");
    assertThat(masked(FAKES, "2001:4860:4860::8888")).startsWith("2001:db8:");
    assertThat(masked(FAKES, "202-456-1111")).matches("202-555-01\\d\\d");
    assertThat(masked(FAKES, "+44 20 7946 0958")).matches("\\+99 9\\d \\d{4} \\d{4}");
    assertThat(masked(FAKES, "900101-5234561")).matches("\\d\\d0230-[5-8]\\d{6}");
    assertThat(masked(FAKES, "4111-1111-1111-1111")).matches("4111-\\d{4}-\\d{4}-\\d{4}");
    assertThat(masked(FAKES, "은행 110-123-456789")).matches("은행 000-0\\d\\d-\\d{6}");
    assertThat(masked(FAKES, "여권 M123A4567")).matches("여권 M000A\\d{4}");
  }

  @ParameterizedTest
  @EnumSource
  void twiceChangesNothingMoreAndOnlyFoundPlacesChange(CheckDigit check) {
    RandomKey key = RandomKey.of(3);
    List<PersonalData> steps = new ArrayList<>();
    for (Replacement replacement : Replacement.values()) {
      steps.add(step(replacement, check));
    }
    long changed = 0;
    for (int i = 0; i < 20_000; i++) {
      Document document = Document.of("d", text(key.child(i)));
      for (PersonalData step : steps) {
        Document once = apply(step, document);
        assertThat(apply(step, once)).as(document.text()).isSameAs(once);
        assertOutsideIsKept(
            new PersonalDataScanner(check), document.text(), step.once(document.text()));
        changed += once.equals(document) ? 0 : 1;
      }
    }
    assertThat(changed).isGreaterThan(10_000);
  }

  private static String text(RandomKey key) {
    StringBuilder text = new StringBuilder();
    int pieces = 1 + key.below(0, 14);
    for (int i = 1; i <= pieces; i++) {
      text.append(PIECES.get(key.below(i, PIECES.size())));
    }
    return text.toString();
  }

  private static void assertOutsideIsKept(PersonalDataScanner scanner, String text, String out) {
    StringBuilder expected = new StringBuilder();
    int from = 0;
    for (Found found : scanner.scan(text)) {
      if (found.personal()) {
        expected.append(Pattern.quote(text.substring(from, found.start()))).append(".+");
        from = found.end();
      }
    }
    expected.append(Pattern.quote(text.substring(from)));
    assertThat(Pattern.compile(expected.toString(), Pattern.DOTALL).matcher(out).matches())
        .as("%s to %s", text, out)
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "0",
        "1",
        "9",
        "a@",
        "@",
        "a.",
        "a@a.",
        "-",
        "+",
        "+8",
        "1.",
        "2:",
        "2001:",
        "010-",
        "4111 ",
        "4111-",
        "(0",
        "(02) ",
        "은행1-",
        "은행 1234567890 ",
        "여권M",
        "900101-",
        "+1 ",
        "1 "
      })
  void timeIsLinearOnHostileText(String piece) {
    String text = piece.repeat(2_000_000 / piece.length());
    assertTimeoutPreemptively(Duration.ofSeconds(20), () -> assertThat(masked(text)).isNotEmpty());
  }

  @Test
  void refusesNoKinds() {
    assertThatThrownBy(
            () ->
                new PersonalData.Config(
                    List.of(), Replacement.FAKE, 1, CheckDigit.ALWAYS, "personal-data"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("kinds");
  }
}
