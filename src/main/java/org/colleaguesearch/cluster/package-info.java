/** Several nodes that share the work of runs: the broker between them, and which of them are alive. */
package org.colleaguesearch.cluster;
