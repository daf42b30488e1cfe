/** Says what is wrong with route files before anything runs: each problem with its file, line and column. */
package org.colleaguesearch.tooling.check;
