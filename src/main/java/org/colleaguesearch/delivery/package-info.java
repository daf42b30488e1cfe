/** Delivers outcomes: to the index as partial upserts, and to CSV files in parts. */
package org.colleaguesearch.delivery;
