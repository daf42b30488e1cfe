/** Searching in bulk: files of queries that are dropped into a folder, and files of who was found. */
package org.colleaguesearch.extract;
