/** How starts, runs and requests fail: what all other packages may throw, and only the command line and the edge tell. */
package org.colleaguesearch.failure;
