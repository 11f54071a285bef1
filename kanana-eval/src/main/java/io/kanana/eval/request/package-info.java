/** What a model can be asked, and what it answers: three kinds, whatever the benchmark. */
package io.kanana.eval.request;
