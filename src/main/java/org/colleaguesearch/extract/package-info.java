/** Bulk search: query files dropped into a folder, and result files with the people found. */
package org.colleaguesearch.extract;
