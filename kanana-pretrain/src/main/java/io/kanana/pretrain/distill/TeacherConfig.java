package io.kanana.pretrain.distill;

import io.kanana.core.config.OneOf;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Whom a student learns from.
 *
 * @param model a Hugging Face directory: it computes beside the student
 * @param logits the output of the job {@code teacher-logits}: what a teacher left behind
 */
@OneOf
public record TeacherConfig(Optional<Path> model, Optional<Path> logits) {}
