package org.colleaguesearch.delivery;

import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.component.file.FileEndpoint;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.colleaguesearch.settings.Readers;
import org.colleaguesearch.settings.Settings;
import org.springframework.stereotype.Component;

/**
 * Gives files and folders that routes create through {@code file:} the permissions of {@code colleagues.files}, unless the
 * endpoint sets its own ({@code chmod}, {@code chmodDirectory}). With {@code all} only the umask applies, so that file
 * systems without chmod work. Stateless.
 */
@Component
class FileEndpointPermissions implements CamelContextConfiguration {
    private final Readers readers;

    FileEndpointPermissions(Settings settings) {
        this.readers = settings.files().readableBy();
    }

    @Override
    public void beforeApplicationStart(CamelContext camel) {
        if (Readers.HAS_PERMISSIONS && readers != Readers.ALL) {
            camel.getCamelContextExtension().registerEndpointCallback((uri, endpoint) -> permitted(endpoint));
        }
    }

    private Endpoint permitted(Endpoint endpoint) {
        if (endpoint instanceof FileEndpoint files) {
            if (files.getChmod() == null) {
                files.setChmod(readers.fileMode());
            }
            if (files.getChmodDirectory() == null) {
                files.setChmodDirectory(readers.folderMode());
            }
        }
        return endpoint;
    }

    @Override
    public void afterApplicationStart(CamelContext camel) {
        // Nothing to do: permissions are set when an endpoint is created.
    }
}
