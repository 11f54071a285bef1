package io.kanana.core.tensor;

/** What a loss makes of the probability beyond a teacher's most probable tokens. */
public enum TeacherRest {
  /** One more outcome, of the teacher and of the student: all other tokens. */
  BUCKET,
  /** Nothing: both distributions are those over the listed tokens alone. */
  DROPPED,
  /**
   * The teacher has none, its listed tokens share all probability; the student keeps its own. With
   * {@link Divergence#FORWARD} only, since others are infinite then.
   */
  DROPPED_BY_TEACHER
}
