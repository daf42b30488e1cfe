/** Trying an indexer on a few people: what would be written, while nothing is. */
package org.colleaguesearch.tooling.dryrun;
