/** Removes people who have left from the index. */
package org.colleaguesearch.sweep;
