/** What all that makes spans shares: the place in a trace that an exchange has, and the spans of HTTP calls. */
package org.colleaguesearch.tracing;
