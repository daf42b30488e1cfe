/** Calls to the people API: URLs, connections, limits, credentials, and which failures are transient. */
package org.colleaguesearch.source;
