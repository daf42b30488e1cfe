/** Checks route files before anything runs, and reports each problem with its file, line and column. */
package org.colleaguesearch.tooling.check;
