/** YAML that people write: values that know where they stand in their file, and what is said of those that are wrong. */
package org.colleaguesearch.tooling.yaml;
