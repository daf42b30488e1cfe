/**
 * Runs the YAML tests of routes, {@code <route>.test.yaml} beside the route files, in the packaged application,
 * isolated from external systems.
 */
package org.colleaguesearch.tooling.testing;
