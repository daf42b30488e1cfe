package org.colleaguesearch.tooling.check;

import java.util.Collection;
import org.apache.camel.util.StringHelper;

/** The values of an enumeration, as Camel takes them: in small or capital letters, and with dashes. */
record EnumValues(Collection<String> names) {
    boolean have(String text) {
        String constant = StringHelper.asEnumConstantValue(text);
        return names.stream().anyMatch(name -> name.equalsIgnoreCase(text) || name.equalsIgnoreCase(constant));
    }
}
