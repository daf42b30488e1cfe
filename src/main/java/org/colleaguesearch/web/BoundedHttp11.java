package org.colleaguesearch.web;

import org.apache.coyote.ContinueResponseTiming;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.threads.VirtualThreadExecutor;

/** The HTTP/1.1 protocol of the API port and of the management port, with limits that Tomcat lacks. */
public final class BoundedHttp11 extends Http11NioProtocol {
    /** Called by Tomcat, by the class's name. */
    public BoundedHttp11() {
        getEndpoint().setHandler(new HeaderTime<>(getHandler(), this::getConnectionTimeout));
        // A client that sends Expect: 100-continue does not send a body that is refused.
        setContinueResponseTiming(ContinueResponseTiming.ON_REQUEST_BODY_READ.toString());
        // A waiting request holds no platform thread. Not by spring.threads.virtual.enabled, which would also make all
        // of
        // Camel's pools virtual, and so unbounded.
        setExecutor(new VirtualThreadExecutor("http-"));
    }
}
