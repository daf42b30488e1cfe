/** Where outcomes go: the index, by partial upserts, and CSV files, by parts. */
package org.colleaguesearch.delivery;
