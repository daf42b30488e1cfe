/** Batches and their runs: who is running, how far, and how it ended. */
package org.colleaguesearch.runs;
