/** The HTTP edge: keys and scopes, limits, request checks, and problem documents. */
package org.colleaguesearch.web;
