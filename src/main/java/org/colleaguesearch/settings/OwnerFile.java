package org.colleaguesearch.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.AclEntry;
import java.nio.file.attribute.AclEntryPermission;
import java.nio.file.attribute.AclEntryType;
import java.nio.file.attribute.AclFileAttributeView;
import java.util.EnumSet;
import java.util.List;

/** Writes files that only their owner can read. */
public final class OwnerFile {
    private OwnerFile() {}

    /**
     * Writes a file atomically and replaces an existing one. Nobody else can open it at any time: Java creates temporary
     * files with the permissions {@code rw-------}; on systems with access control lists instead (Windows), the list is set
     * while the file is still empty.
     */
    public static void write(Path file, String text) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        Readers.OWNER.makeFolder(folder);
        Path written = Files.createTempFile(folder, "." + file.getFileName(), ".tmp");
        try {
            AclFileAttributeView access = Files.getFileAttributeView(written, AclFileAttributeView.class);
            if (access != null) {
                access.setAcl(List.of(AclEntry.newBuilder()
                        .setType(AclEntryType.ALLOW)
                        .setPrincipal(access.getOwner())
                        .setPermissions(EnumSet.allOf(AclEntryPermission.class))
                        .build()));
            }
            Files.writeString(written, text);
            Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(written);
        }
    }
}
