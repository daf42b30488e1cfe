/** Tries an indexer on a few people and shows what would be written, without writing it. */
package org.colleaguesearch.tooling.dryrun;
