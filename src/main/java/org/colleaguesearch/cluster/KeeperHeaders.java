package org.colleaguesearch.cluster;

import org.apache.camel.support.DefaultHeaderFilterStrategy;
import org.springframework.stereotype.Component;

/**
 * Lets the headers of a request to the keeper and of its answer through, also the status, which Camel would leave out with all
 * of its own. Immutable.
 */
@Component("keeperHeaders")
class KeeperHeaders extends DefaultHeaderFilterStrategy {
    KeeperHeaders() {
        setOutFilterStartsWith("JMS");
        setInFilterStartsWith("JMS");
    }
}
