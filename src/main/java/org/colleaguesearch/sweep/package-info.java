/** Removes from the index the people who have left. */
package org.colleaguesearch.sweep;
