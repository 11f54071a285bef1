package io.kanana.pretrain.reshape;

/**
 * A query head that takes up what one that goes away knew: the query weights of {@code kept} become
 * those of kept + (kept - pruned), which Minitron takes from layer collapse (Muralidharan et al.,
 * arXiv 2407.14679, section 2.3). Only query weights change, as the paper says for grouped-query
 * attention.
 *
 * @param kept a head that stays, by its number in the old layer
 * @param pruned a head of the same group that does not
 */
public record HeadResidual(int kept, int pruned) {}
