/** What was to be done and what became of it, in a database: batches, runs, chunks and failed URLs. */
package org.colleaguesearch.ledger;
