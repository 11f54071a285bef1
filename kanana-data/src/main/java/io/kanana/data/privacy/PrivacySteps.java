package io.kanana.data.privacy;

import io.kanana.core.extension.Extension;
import io.kanana.core.extension.ExtensionProvider;
import io.kanana.data.filter.CascadeStep;
import java.util.List;

/** The step of a cascade that replaces personal data. */
public final class PrivacySteps implements ExtensionProvider {
  private static final String PERSONAL_DATA =
      """
      kinds: [email, ip-address, phone, resident-number, foreigner-number, card-number, bank-account, passport]
      replacement: placeholder
      seed: 1
      registration-check-digit: by-birth
      field: personal-data
      """;

  @Override
  public List<Extension<?>> extensions() {
    return List.of(
        new Extension<>(
            CascadeStep.Config.class,
            "personal-data",
            PersonalData.Config.class,
            "Replaces e-mail, addresses, telephone, registration, card and account numbers.",
            PERSONAL_DATA));
  }
}
