/** Compares texts by their meaning: a small language model, which runs in this process, makes vectors of them. */
package org.colleaguesearch.meaning;
