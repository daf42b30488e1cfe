/** Failures of starts, runs and requests: thrown by any package, reported by the command line and the HTTP edge. */
package org.colleaguesearch.failure;
