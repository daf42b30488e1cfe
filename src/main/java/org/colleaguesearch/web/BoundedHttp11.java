package org.colleaguesearch.web;

import org.apache.coyote.ContinueResponseTiming;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.threads.VirtualThreadExecutor;

/** The HTTP/1.1 protocol of the API and management ports, with limits that Tomcat lacks. */
public final class BoundedHttp11 extends Http11NioProtocol {
    /** Called by Tomcat, which is given the name of this class. */
    public BoundedHttp11() {
        getEndpoint().setHandler(new HeaderTimeout<>(getHandler(), this::getConnectionTimeout));
        // With Expect: 100-continue, a client does not send a body that would be refused.
        setContinueResponseTiming(ContinueResponseTiming.ON_REQUEST_BODY_READ.toString());
        // A waiting request holds no platform thread. spring.threads.virtual.enabled would also make Camel's pools
        // virtual, and so unbounded.
        setExecutor(new VirtualThreadExecutor("http-"));
    }
}
