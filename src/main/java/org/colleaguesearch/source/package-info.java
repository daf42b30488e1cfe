/** Calls to the APIs: URLs, connections, limits, credentials, and which failures are transient. */
package org.colleaguesearch.source;
