package org.colleaguesearch.web;

import org.apache.coyote.ContinueResponseTiming;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.threads.VirtualThreadExecutor;

/** HTTP/1.1 as the ports of the API and of the management speak it. Tomcat makes one for each. */
public final class BoundedHttp11 extends Http11NioProtocol {
    /** As Tomcat makes it, by its name. */
    public BoundedHttp11() {
        getEndpoint().setHandler(new HeaderTime<>(getHandler(), this::getConnectionTimeout));
        // A client that asks first does not send a body that is refused.
        setContinueResponseTiming(ContinueResponseTiming.ON_REQUEST_BODY_READ.toString());
        // A request that waits holds no thread of the operating system. For requests only:
        // spring.threads.virtual.enabled
        // would make virtual threads of all pools of Camel's, too, which are there to be bounded.
        setExecutor(new VirtualThreadExecutor("http-"));
    }
}
