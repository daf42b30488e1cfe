/** Searches the index, for the API routes that find colleagues. */
package org.colleaguesearch.search;
