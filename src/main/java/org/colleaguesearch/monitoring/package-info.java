/** Health, metrics, log context and traces, for operators. */
package org.colleaguesearch.monitoring;
