package io.kanana.core.job;

import io.kanana.core.config.Check;
import io.kanana.core.config.OneOf;
import io.kanana.core.extension.Extension;
import io.kanana.core.extension.Extensions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** A job that only notes what it was given. */
final class SleepJob implements Job<SleepJob.Config> {
  interface Pillow {
    interface Config {
      String describe();
    }
  }

  record Feather(int grams) implements Pillow.Config {
    @Override
    public String describe() {
      return grams + " g of feathers";
    }
  }

  record Stone(String colour) implements Pillow.Config {
    @Override
    public String describe() {
      return "a " + colour + " stone";
    }
  }

  record Water(Until fresh) implements Pillow.Config {
    @Override
    public String describe() {
      return "water";
    }
  }

  record Nap(int minutes) {
    Nap {
      Check.that(minutes > 0, "minutes", "must be > 0, got %s", minutes);
    }
  }

  @OneOf
  record Until(OptionalLong steps, OptionalLong dawn) {}

  record Config(Path output, long seed, List<Nap> naps, Until until, Pillow.Config pillow)
      implements JobConfig {}

  static final Extensions EXTENSIONS =
      Extensions.of(
          () ->
              List.of(
                  new Extension<>(
                      Pillow.Config.class, "feather", Feather.class, "Soft.", "grams: 400"),
                  new Extension<>(Pillow.Config.class, "stone", Stone.class, "Hard.", ""),
                  new Extension<>(
                      Pillow.Config.class, "water", Water.class, "Wet.", "fresh: {dawn: 1}")));

  final List<JobContext> runs = new ArrayList<>();
  Consumer<JobContext> during = context -> {};

  @Override
  public String name() {
    return "sleep";
  }

  @Override
  public String summary() {
    return "Sleeps.";
  }

  @Override
  public Class<Config> configType() {
    return Config.class;
  }

  @Override
  public JobPlan plan(Config config) {
    return JobPlan.empty()
        .with("naps", Integer.toString(config.naps().size()))
        .with("pillow", config.pillow().describe());
  }

  @Override
  public void run(Config config, JobContext context) {
    runs.add(context);
    during.accept(context);
  }
}
