/** How the people API is called: URLs, connections, limits, credentials, and which failures pass. */
package org.colleaguesearch.source;
