/** Exports on demand: a list of URLs, fetched through the same flow as what the indexers fetch, into files. */
package org.colleaguesearch.export;
