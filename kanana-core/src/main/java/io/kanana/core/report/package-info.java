/** What reports of every kind are made of: tables and plots. */
package io.kanana.core.report;
