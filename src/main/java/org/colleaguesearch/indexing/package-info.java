/** From people to outcomes: indexers, chunks, and the calls they make. */
package org.colleaguesearch.indexing;
