/** Results on disk, tables of them, and what differs between two. */
package io.kanana.eval.report;
