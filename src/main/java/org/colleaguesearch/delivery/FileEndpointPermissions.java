package org.colleaguesearch.delivery;

import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.component.file.FileEndpoint;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.colleaguesearch.settings.Readers;
import org.colleaguesearch.settings.Settings;
import org.springframework.stereotype.Component;

/**
 * Gives what routes write and make by {@code file:} the permissions of {@code colleagues.files}, unless an endpoint has
 * its own ({@code chmod}, {@code chmodDirectory}). With {@code all} the umask alone decides, also on file systems that
 * refuse a change of permissions. Stateless.
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
        // Its endpoints have their permissions when they are made.
    }
}
