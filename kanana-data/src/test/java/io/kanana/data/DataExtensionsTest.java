package io.kanana.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.config.Binder;
import io.kanana.core.config.Yaml;
import io.kanana.core.error.ConfigException;
import io.kanana.core.extension.ExtensionContract;
import io.kanana.core.extension.ExtensionProvider;
import io.kanana.core.extension.Extensions;
import io.kanana.data.dedup.NearDuplicates;
import io.kanana.data.dedup.ShingleHash;
import io.kanana.data.document.DocumentSource;
import io.kanana.data.document.FilesConfig;
import io.kanana.data.filter.CascadeStep;
import io.kanana.data.miniature.MiniatureWeb;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DataExtensionsTest extends ExtensionContract {
  record Data(List<DocumentSource.Config> documents) {}

  record Cascade(List<CascadeStep.Config> steps) {}

  @Override
  protected ExtensionProvider provider() {
    return new DataExtensions();
  }

  @Override
  protected Map<String, String> required() {
    return Map.of(
        "document-source/files", "path: corpus/*.jsonl.zst",
        "cascade-step/classifier", "model: quality.bin",
        "document-scorer/chat", "{url: http://127.0.0.1:8000/v1, model: judge}");
  }

  private static Binder.Bound<Data> bind(String yaml) {
    Binder binder = new Binder(Extensions.of(new DataExtensions()));
    return binder.bind(Data.class, Yaml.read(yaml));
  }

  @Test
  void aStringNamesFiles() {
    Binder.Bound<Data> bound =
        bind("documents: [a.jsonl, {type: files, path: b, text-field: body}]");
    FilesConfig plain = (FilesConfig) bound.config().documents().getFirst();
    FilesConfig section = (FilesConfig) bound.config().documents().getLast();
    assertThat(plain).isEqualTo(FilesConfig.of("a.jsonl"));
    assertThat(section.textField()).isEqualTo("body");
    assertThat(bound.tree().at("/documents/0/type").asText()).isEqualTo("files");
    assertThat(bind(bound.yaml()).config()).isEqualTo(bound.config());
  }

  @Test
  void theMiniatureWebNeedsNoKeys() {
    MiniatureWeb.Config config =
        (MiniatureWeb.Config)
            bind("documents: [{type: miniature-web}]").config().documents().getFirst();
    assertThat(config).isEqualTo(MiniatureWeb.Config.of(20_000, 1));
  }

  @Test
  void aPresetOfNearDuplicatesIsADefault() {
    String yaml = "steps: [{type: near-duplicates, preset: nemo-curator, hash: sha1, rows: 12}]";
    Binder binder = new Binder(Extensions.load(getClass().getClassLoader()));
    NearDuplicates.Config bound =
        (NearDuplicates.Config)
            binder.bind(Cascade.class, Yaml.read(yaml)).config().steps().getFirst();
    assertThat(bound.preset()).isEqualTo(NearDuplicates.Preset.NEMO_CURATOR);
    assertThat(bound.keep()).isEqualTo(NearDuplicates.Keep.FIRST);
    assertThat(bound.hash()).contains(ShingleHash.SHA1);
    assertThat(bound.rows()).hasValue(12);
    assertThat(bound.bands()).isEmpty();
  }

  @Test
  void mistakesAreAllReported() {
    assertThatThrownBy(
            () -> bind("documents: [' ', 3, {type: miniature-web, korean-share: 2, documents: 0}]"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("documents[0].path")
        .hasMessageContaining("documents[1]")
        .hasMessageContaining("documents[2].korean-share")
        .hasMessageContaining("documents[2].documents");
  }
}
