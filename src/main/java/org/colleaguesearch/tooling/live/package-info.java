/** Lets changes of the route files take effect while the application runs. */
package org.colleaguesearch.tooling.live;
