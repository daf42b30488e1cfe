package org.colleaguesearch.indexing;

/**
 * A section as it was last time, without its items.
 *
 * @param items the number of its items
 * @param hash of the items and the person's name: SHA-256 in hexadecimal
 * @param definition of the indexer at that time: {@link Indexer#definition}
 * @param validators null if the API sent none
 * @param index the UUID of the index that has the section; null for none
 * @param isInTable whether the table of items has its items
 */
public record KeptSection(
        int items, String hash, String definition, Validators validators, String index, boolean isInTable) {}
