package io.kanana.core.tensor;

/**
 * One update of AdamW (Loshchilov and Hutter, arXiv 1711.05101, algorithm 2) with everything that
 * depends on the step already computed:
 *
 * <pre>
 * g     = gradientScale * gradient
 * m     = beta1 * m + (1 - beta1) * g
 * v     = beta2 * v + (1 - beta2) * g * g
 * theta = (1 - shrink) * theta - learningRate * (m / correction1) / (sqrt(v / correction2) + epsilon)
 * </pre>
 *
 * @param learningRate the rate of this step
 * @param shrink what decay takes from a weight: rate x decay when coupled, schedule factor x decay
 *     when independent
 * @param correction1 1 - beta1^step
 * @param correction2 1 - beta2^step
 * @param gradientScale the factor of clipping
 */
public record AdamWStep(
    double learningRate,
    double beta1,
    double beta2,
    double epsilon,
    double shrink,
    double correction1,
    double correction2,
    double gradientScale) {}
