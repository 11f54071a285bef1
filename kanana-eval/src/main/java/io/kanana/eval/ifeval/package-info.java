/**
 * IFEval: prompts whose instructions can be checked by a program (Zhou et al. 2023,
 * "Instruction-Following Evaluation for Large Language Models"), with the verdicts of its reference
 * implementation.
 */
package io.kanana.eval.ifeval;
