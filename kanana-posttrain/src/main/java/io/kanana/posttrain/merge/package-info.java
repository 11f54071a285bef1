/**
 * Several models to one by arithmetic on their weights: the job {@code merge} and its methods.
 *
 * <p>A {@link io.kanana.posttrain.merge.MergeMethod} is a function of one tensor of every model,
 * read a stretch at a time; a method of one's own is added as an extension.
 */
package io.kanana.posttrain.merge;
