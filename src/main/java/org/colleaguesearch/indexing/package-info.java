/** From people to outcomes: chunks, the calls they make, and what became of each. */
package org.colleaguesearch.indexing;
