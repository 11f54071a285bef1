package io.kanana.core.job;

import java.nio.file.Path;
import java.time.Clock;

/**
 * The surroundings of one run.
 *
 * @param output the output directory, which exists and holds {@code config.yaml}
 * @param resume whether to go on from what the directory holds; with nothing there, start afresh
 * @param progress where to report to
 * @param clock the time of day, for logs and rates; never for a decision of an algorithm
 * @param cancellation asked for an orderly stop
 * @param configYaml the resolved configuration, for provenance; reads back as the same tree
 */
public record JobContext(
    Path output,
    boolean resume,
    Progress progress,
    Clock clock,
    Cancellation cancellation,
    String configYaml) {}
