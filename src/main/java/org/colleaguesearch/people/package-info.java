/** Who is to be indexed: the paged list of active people, kept in a file while a batch runs. */
package org.colleaguesearch.people;
