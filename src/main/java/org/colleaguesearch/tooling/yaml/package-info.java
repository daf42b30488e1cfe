/** Reads YAML and keeps the place of each value, so that problems can name file, line and column. */
package org.colleaguesearch.tooling.yaml;
