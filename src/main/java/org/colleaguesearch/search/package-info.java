/** Asks the index, for the routes of the API that find colleagues. */
package org.colleaguesearch.search;
