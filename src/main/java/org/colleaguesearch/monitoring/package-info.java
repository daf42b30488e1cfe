/** What an operator sees of the application: health, metrics, the context of log lines, traces. */
package org.colleaguesearch.monitoring;
