/** Applies changes of the route files while the application runs. */
package org.colleaguesearch.tooling.live;
