package org.colleaguesearch.tooling.check;

import java.nio.file.Path;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.engine.DefaultResourceLoader;
import org.apache.camel.spi.Resource;

/** Finds files that routes name, {@code file:routes/…}, in a copy of the folder that has {@code routes/}. Immutable. */
public final class FolderResources extends DefaultResourceLoader {
    private static final String ROUTES = "file:routes/";

    private final Path folder;

    public FolderResources(Path folder, CamelContext camel) {
        super(camel);
        this.folder = folder;
    }

    @Override
    public Resource resolveResource(String location) {
        return super.resolveResource(
                location.startsWith(ROUTES)
                        ? "file:" + folder.resolve(location.substring("file:".length()))
                        : location);
    }
}
