/** Answers to open questions, rated by a language model: MT-Bench, LogicKor, KoMT-Bench. */
package io.kanana.eval.judge;
