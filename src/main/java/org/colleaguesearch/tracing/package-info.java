/** Shared by all code that creates spans: the trace context of exchanges, and spans of HTTP calls. */
package org.colleaguesearch.tracing;
