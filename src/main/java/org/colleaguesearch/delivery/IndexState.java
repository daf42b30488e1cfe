package org.colleaguesearch.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What tells of an index whether it takes writes, and whether an {@link IndexUpgrade} of it is under way or was cut off.
 *
 * @param isBlocked whether it has {@code index.blocks.write}
 * @param meta the {@code _meta} of its mapping
 */
record IndexState(boolean isBlocked, ObjectNode meta) {
    /** In {@code _meta}: the newer index that it is copied to. */
    static final String UPGRADE = "upgrade_to";

    /** In {@code _meta}: whether somebody else had blocked it before. */
    static final String BLOCKED = "blocked_before_upgrade";

    /** @param answer to {@code GET /index} */
    static IndexState of(JsonNode answer, String index) {
        JsonNode state = answer.path(index);
        ObjectNode meta = state.at("/mappings/_meta") instanceof ObjectNode object
                ? object.deepCopy()
                : JsonNodeFactory.instance.objectNode();
        return new IndexState(state.at("/settings/index/blocks/write").asBoolean(), meta);
    }

    /** The newer index that it is copied to, or null. */
    String upgrade() {
        return meta.path(UPGRADE).textValue();
    }

    boolean wasBlocked() {
        return meta.path(BLOCKED).asBoolean();
    }
}
