/** Exports on demand: fetch a list of URLs into files, through the same flow as the indexers. */
package org.colleaguesearch.export;
