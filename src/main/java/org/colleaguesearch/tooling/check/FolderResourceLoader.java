package org.colleaguesearch.tooling.check;

import java.nio.file.Path;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.engine.DefaultResourceLoader;
import org.apache.camel.spi.Resource;

/** Resolves {@code file:routes/…} in another folder, such as a copy of the routes. Immutable. */
public final class FolderResourceLoader extends DefaultResourceLoader {
    private static final String ROUTES = "file:routes/";

    private final Path folder;

    public FolderResourceLoader(Path folder, CamelContext camel) {
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
