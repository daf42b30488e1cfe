/** The ledger: batches, runs, chunks and failed URLs in a database. */
package org.colleaguesearch.ledger;
