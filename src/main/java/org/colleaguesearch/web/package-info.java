/** The edge: who may ask for what, what is a good request, and how a bad one is answered. */
package org.colleaguesearch.web;
