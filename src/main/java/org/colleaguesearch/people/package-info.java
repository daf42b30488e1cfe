/** The people to index: the paged list of active people, kept in the ledger's database while a batch runs. */
package org.colleaguesearch.people;
