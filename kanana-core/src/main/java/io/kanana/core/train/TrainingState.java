package io.kanana.core.train;

/**
 * Where a run stands, apart from weights and moments: all that is needed to continue bit for bit.
 *
 * @param step steps done
 * @param tokens positions trained on
 * @param updates updates made by the optimizer; steps that were skipped make none
 * @param skippedInARow steps skipped since the last update
 * @param skipped steps skipped in all
 * @param spikes the memory of spike detection
 * @param dataFingerprint of the batch source: a run does not continue on other data
 * @param seconds spent in steps, over all interruptions
 * @param flops spent in steps
 */
public record TrainingState(
    long step,
    long tokens,
    long updates,
    int skippedInARow,
    long skipped,
    SpikeDetector.State spikes,
    String dataFingerprint,
    double seconds,
    double flops) {}
