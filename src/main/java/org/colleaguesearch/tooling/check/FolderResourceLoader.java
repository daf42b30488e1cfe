package org.colleaguesearch.tooling.check;

import java.nio.file.Path;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.engine.DefaultResourceLoader;
import org.apache.camel.spi.Resource;

/** Resolves {@code file:…} in another folder, such as a copy of the routes, if the file exists there. Immutable. */
public final class FolderResourceLoader extends DefaultResourceLoader {
    private static final String FILE = "file:";

    private final Path folder;

    public FolderResourceLoader(Path folder, CamelContext camel) {
        super(camel);
        this.folder = folder;
    }

    @Override
    public Resource resolveResource(String location) {
        return super.resolveResource(
                location.startsWith(FILE)
                        ? FILE + new NamedFiles(folder).path(NamedFiles.name(location.substring(FILE.length())))
                        : location);
    }
}
