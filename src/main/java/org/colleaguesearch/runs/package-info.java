/** Batches and their runs: what is running, its progress, and how it ended. */
package org.colleaguesearch.runs;
