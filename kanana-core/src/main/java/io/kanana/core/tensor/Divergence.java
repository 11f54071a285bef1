package io.kanana.core.tensor;

/** Which way a Kullback-Leibler divergence between a teacher and a student is taken. */
public enum Divergence {
  /** KL(teacher || student): the student covers the teacher. */
  FORWARD,
  /** KL(student || teacher): the student seeks the teacher's modes. */
  REVERSE
}
