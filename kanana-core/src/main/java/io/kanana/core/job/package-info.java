/** Jobs: what a configuration file asks for, how it is planned, started, stopped and resumed. */
package io.kanana.core.job;
