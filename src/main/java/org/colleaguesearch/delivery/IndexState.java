package org.colleaguesearch.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Whether an index is write-blocked, and whether an {@link IndexUpgrade} of it is running or was interrupted.
 *
 * @param isBlocked whether it has {@code index.blocks.write}
 * @param meta the {@code _meta} of its mapping
 */
record IndexState(boolean isBlocked, ObjectNode meta) {
    /** Key in {@code _meta}: the newer index that this one is copied to. */
    static final String UPGRADE = "upgrade_to";

    /** Key in {@code _meta}: whether the index was already blocked before the upgrade. */
    static final String BLOCKED = "blocked_before_upgrade";

    /** Reads the state from the response to {@code GET /index}. */
    static IndexState of(JsonNode answer, String index) {
        JsonNode state = answer.path(index);
        ObjectNode meta = state.at("/mappings/_meta") instanceof ObjectNode object
                ? object.deepCopy()
                : JsonNodeFactory.instance.objectNode();
        return new IndexState(state.at("/settings/index/blocks/write").asBoolean(), meta);
    }

    /** The newer index that this one is copied to, or null. */
    String upgrade() {
        return meta.path(UPGRADE).textValue();
    }

    boolean wasBlocked() {
        return meta.path(BLOCKED).asBoolean();
    }
}
