/**
 * Tests of routes that are written in YAML: {@code <route>.test.yaml} beside the route files. Runs them in the application
 * as it is packaged, where nothing reaches what is outside of it.
 */
package org.colleaguesearch.tooling.testing;
