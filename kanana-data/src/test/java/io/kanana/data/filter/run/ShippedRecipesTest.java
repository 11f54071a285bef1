package io.kanana.data.filter.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.core.job.Cancellation;
import io.kanana.core.job.Jobs;
import io.kanana.core.job.Progress;
import io.kanana.data.document.Document;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The recipes in {@code configs/data}: those for the web keep prose, those for chosen sources
 * commands too.
 */
class ShippedRecipesTest {
  private static final Path RECIPES =
      Path.of(System.getProperty("kanana.root", ".."), "configs", "data");

  private static final String KOREAN =
      """
      오린강은 북부의 높은 산에서 시작하여 서쪽 바다로 들어간다. 상류의 골짜기는 오래전에 빙하가 깎은 것이며, 지금도 양쪽 비탈이 가파르다.

      강을 따라 난 길은 여름에만 열린다. 겨울에는 눈이 많이 내려서 마을 사람들이 배를 타고 오간다. 봄이 되면 연어가 올라오고 아이들은 다리 위에서
      그것을 구경한다. 다리는 삼백 년 전에 놓였는데, 두 번의 홍수를 견디고 지금까지 남아 있다.

      하류에는 작은 항구가 있다. 예전에는 청어를 잡는 배가 많았으나 요즘은 여행하는 사람을 태우는 배가 더 많다. 항구의 시장에서는 훈제한 생선과 소금을
      팔고, 저녁이면 등대에 불이 들어온다. 이 강을 다룬 소설이 여러 편 나왔고 그중 하나는 영화로도 만들어졌다. 영화를 본 사람들이 찾아오면서 강가의
      오래된 집들이 여관으로 바뀌었다.
      """;

  private static final String KOREAN_COMMANDS =
      """
      # mvq

      > 파일을 한 디렉터리에서 다른 디렉터리로 옮깁니다.
      > 더 많은 정보: <https://example.org/mvq>.

      - 파일 하나를 다른 이름으로 옮기기:

      `mvq {{경로/대상/파일}} {{경로/대상/새_파일}}`

      - 덮어쓰기 전에 물어보면서 여러 파일을 옮기기:

      `mvq --ask {{경로/대상/파일1 경로/대상/파일2 ...}} {{경로/대상/디렉터리}}`

      - 아무것도 옮기지 않고 무엇이 옮겨질지 보여주기:

      `mvq --dry-run {{경로/대상/파일}} {{경로/대상/디렉터리}}`
      """;

  private static final String ENGLISH =
      """
      The Orrin rises on a high mountain in the north and runs west into the sea. Its upper valley was cut by a glacier long ago, and the slopes
      on both sides are still steep.

      The road beside the river is open only in summer. In winter so much snow falls that the people of the village go about by boat. When spring
      comes the salmon return, and children watch them from the bridge. The bridge was built three hundred years ago; it has stood through two
      floods.

      There is a small harbour at the mouth. It used to be full of boats that fished for herring, but most of those which lie there today carry
      visitors. Smoked fish and salt are sold in the market, and the light of the lighthouse comes on in the evening. Several novels have been
      written about the river, and one of them was made into a film.
      """;

  private static final String ENGLISH_COMMANDS =
      """
      # mvq

      > Move files from one directory to another.
      > More information: <https://example.org/mvq>.

      - Move one file and give it another name:

      `mvq {{path/to/file}} {{path/to/new_file}}`

      - Move several files and ask before any is overwritten:

      `mvq --ask {{path/to/file1 path/to/file2 ...}} {{path/to/directory}}`

      - Show what would be moved without moving anything:

      `mvq --dry-run {{path/to/file}} {{path/to/directory}}`
      """;

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "korean, korean",
    "korean-curated, korean commands-ko",
    "english, english",
    "english-curated, english commands-en"
  })
  void keepsWhatItIsFor(String recipe, String kept) throws IOException {
    SmallFilter small = new SmallFilter(directory);
    small.write(
        List.of(
            Document.of("korean", KOREAN),
            Document.of("again", KOREAN),
            Document.of("commands-ko", KOREAN_COMMANDS),
            Document.of("english", ENGLISH),
            Document.of("again-en", ENGLISH),
            Document.of("commands-en", ENGLISH_COMMANDS),
            Document.of("stub", "다음 문서를 보십시오. See the next page.")));
    Jobs.load(ShippedRecipesTest.class.getClassLoader())
        .configure(
            RECIPES.resolve(recipe + ".yaml"),
            List.of("data.documents=[" + small.corpus() + "]", "output=" + small.output()))
        .run(true, Progress.SILENT, Clock.systemUTC(), new Cancellation());
    assertThat(small.documents("kept")).extracting(Document::id).containsExactly(kept.split(" "));
  }
}
