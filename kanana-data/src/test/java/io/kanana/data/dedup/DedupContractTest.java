package io.kanana.data.dedup;

import io.kanana.data.document.Document;
import io.kanana.data.filter.CascadeStep;
import io.kanana.data.filter.CascadeStepContract;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Nested;

/** What each of the steps keeps, as any step of a cascade. */
class DedupContractTest {
  private static final String PAGE =
      "The mill stands by the river and turns its wheel all day. It grinds the corn of three villages.";

  abstract static class Contract extends CascadeStepContract {
    @Override
    protected List<Document> documents() {
      return Deduplication.documents(
          PAGE + "\nAll rights reserved by the miller, 1897.",
          "Another page about something else. It has a line of its own, as all have.",
          PAGE + "\nall rights reserved by the miller, 1898.",
          PAGE,
          "Another page about something else. It has a line of its own, as all have.",
          PAGE.replace("three", "four") + "\nAll rights reserved by the miller, 1897.\n" + PAGE);
    }
  }

  @Nested
  class Exact extends Contract {
    @Override
    protected CascadeStep.Config config() {
      return new ExactDuplicates.Config(ComparedText.SIMPLIFIED);
    }
  }

  @Nested
  class Lines extends Contract {
    @Override
    protected CascadeStep.Config config() {
      return new DuplicateParagraphs.Config(
          DuplicateParagraphs.Unit.LINE, ComparedText.SIMPLIFIED, 10, 2);
    }
  }

  @Nested
  class Spans extends Contract {
    @Override
    protected CascadeStep.Config config() {
      return new DuplicateSpans.Config(2, ComparedText.RAW, 3, 1);
    }
  }

  @Nested
  class NearFirst extends Contract {
    @Override
    protected CascadeStep.Config config() {
      return NearDuplicates.Config.of(NearDuplicates.Preset.FINEWEB);
    }
  }

  @Nested
  class NearLongest extends Contract {
    @Override
    protected CascadeStep.Config config() {
      return new NearDuplicates.Config(
          NearDuplicates.Preset.TEXT_DEDUP,
          NearDuplicates.Keep.LONGEST,
          OptionalInt.of(40),
          OptionalInt.of(3),
          OptionalInt.of(3),
          Optional.empty(),
          OptionalInt.empty());
    }
  }
}
