package io.kanana.posttrain.preference;

import io.kanana.core.extension.Extension;
import io.kanana.core.extension.ExtensionProvider;
import java.util.List;

/** Losses on pairs, and where pairs are read from. */
public final class PreferenceExtensions implements ExtensionProvider {
  private static final String BETA = "beta: 0.1";

  @Override
  public List<Extension<?>> extensions() {
    return List.of(
        new Extension<>(
            PreferenceSource.Config.class,
            "files",
            PreferenceFiles.class,
            "Pairs in JSON lines or Parquet tables: prompt, chosen, rejected.",
            "{on-corrupt-file: stop, max-record-bytes: 16_777_216}"),
        loss(
            "sigmoid",
            DpoLosses.Sigmoid.class,
            "DPO; with label smoothing the conservative one.",
            "{beta: 0.1, label-smoothing: 0.0}"),
        loss(
            "robust",
            DpoLosses.Robust.class,
            "DPO without bias where so many labels are flipped.",
            "{beta: 0.1, label-smoothing: 0.1}"),
        loss("ipo", DpoLosses.Ipo.class, "IPO with log-ratios averaged over tokens.", BETA),
        loss("ipo-summed", DpoLosses.IpoSummed.class, "IPO as its equation 17 is printed.", BETA),
        loss("hinge", DpoLosses.Hinge.class, "The hinge of SLiC and RSO.", BETA),
        loss("sigmoid-norm", DpoLosses.SigmoidNorm.class, "DPO per token of an answer.", BETA),
        loss(
            "exo-pair",
            DpoLosses.ExoPair.class,
            "The reverse divergence from smoothed labels.",
            "{beta: 0.1, label-smoothing: 0.001}"),
        loss("apo-zero", DpoLosses.ApoZero.class, "Chosen answers up, rejected ones down.", BETA),
        loss("apo-down", DpoLosses.ApoDown.class, "Both down, the rejected ones more.", BETA),
        loss("nca-pair", DpoLosses.NcaPair.class, "Noise-contrastive alignment.", BETA),
        loss("bco-pair", DpoLosses.BcoPair.class, "A binary classifier's, without baseline.", BETA),
        loss("sppo-hard", DpoLosses.SppoHard.class, "Self-play with hard labels.", BETA),
        loss("js", DpoLosses.JensenShannon.class, "DPO under the Jensen-Shannon divergence.", BETA),
        loss("simpo", SimPo.class, "Per token and without reference.", "{beta: 2.0, gamma: 1.0}"),
        loss(
            "orpo",
            OddsRatio.class,
            "Likelihood and odds ratio, without reference.",
            "lambda: 0.1"),
        loss(
            "kto",
            Kto.class,
            "Gains and losses over a baseline.",
            "{beta: 0.1, desirable-weight: 1.0, undesirable-weight: 1.0}"),
        loss("mixture", LossMixture.class, "A weighted sum of others.", ""));
  }

  private static Extension<PreferenceLoss> loss(
      String name, Class<? extends PreferenceLoss> type, String summary, String defaults) {
    return new Extension<>(PreferenceLoss.class, name, type, summary, defaults);
  }
}
