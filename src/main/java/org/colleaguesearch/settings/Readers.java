package org.colleaguesearch.settings;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Who may read the files and folders that the application creates, as POSIX permissions. The umask of the process can
 * narrow them; a system without POSIX permissions (Windows) applies its own rules. Only the owner may write.
 */
public enum Readers {
    OWNER("rw-------", "600", "rwx------", "700"),
    GROUP("rw-r-----", "640", "rwxr-x---", "750"),
    ALL("rw-r--r--", "644", "rwxr-xr-x", "755");

    /** Whether the file system has POSIX permissions. */
    public static final boolean HAS_PERMISSIONS =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private final String file;
    private final String fileMode;
    private final String folder;
    private final String folderMode;

    Readers(String file, String fileMode, String folder, String folderMode) {
        this.file = file;
        this.fileMode = fileMode;
        this.folder = folder;
        this.folderMode = folderMode;
    }

    /** The mode of a file, in octal digits. */
    public String fileMode() {
        return fileMode;
    }

    /** The mode of a folder, in octal digits. */
    public String folderMode() {
        return folderMode;
    }

    /** Creates a folder and its missing parents. An existing one keeps its permissions. */
    public Path makeFolder(Path path) throws IOException {
        return Files.createDirectories(path, attributes(folder));
    }

    /** Opens a file. A new one gets these permissions; an existing one loses any beyond them. */
    public FileChannel open(Path path, OpenOption... options) throws IOException {
        FileChannel channel = FileChannel.open(path, Set.of(options), attributes(file));
        narrow(path);
        return channel;
    }

    /** Writes a file, replacing an existing one. */
    public void write(Path path, String text) throws IOException {
        try (OutputStream out = Channels.newOutputStream(open(
                path, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE))) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    /**
     * Removes permissions beyond these from a file or folder. A file of another user stays as it is, and so does the target
     * of a symbolic link, which the owner of the link need not own.
     */
    public void narrow(Path path) throws IOException {
        if (!HAS_PERMISSIONS || Files.isSymbolicLink(path)) {
            return;
        }
        Set<PosixFilePermission> allowed = PosixFilePermissions.fromString(Files.isDirectory(path) ? folder : file);
        Set<PosixFilePermission> present = Files.getPosixFilePermissions(path);
        if (!allowed.containsAll(present)) {
            present.retainAll(allowed);
            try {
                Files.setPosixFilePermissions(path, present);
            } catch (FileSystemException e) {
                // Only its owner may do that.
                return;
            }
        }
    }

    private static FileAttribute<?>[] attributes(String permissions) {
        return HAS_PERMISSIONS
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }
}
