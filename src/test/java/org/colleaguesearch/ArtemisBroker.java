package org.colleaguesearch;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.nio.file.Path;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.slf4j.LoggerFactory;

/** An Artemis with its journal in a folder, as a process of its own, which can be killed: {@code <folder> <port>}. */
final class ArtemisBroker {
    private ArtemisBroker() {}

    public static void main(String[] arguments) throws Exception {
        // Logback logs all by default, here lines for each message.
        ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
        Path folder = Path.of(arguments[0]);
        Configuration settings = new ConfigurationImpl()
                .setPersistenceEnabled(true)
                .setSecurityEnabled(false)
                // It does not work with recent versions of Java.
                .setJMXManagementEnabled(false)
                .setJournalDirectory(folder.resolve("journal").toString())
                .setBindingsDirectory(folder.resolve("bindings").toString())
                .setLargeMessagesDirectory(folder.resolve("large").toString())
                .setPagingDirectory(folder.resolve("paging").toString())
                .addAcceptorConfiguration("tcp", "tcp://127.0.0.1:" + arguments[1])
                .addAddressSetting(
                        "#", new AddressSettings().setAutoCreateQueues(true).setAutoCreateAddresses(true));
        EmbeddedActiveMQ broker = new EmbeddedActiveMQ();
        broker.setConfiguration(settings);
        broker.start();
        System.out.println("started");
        // Its own threads do not keep the process alive.
        Thread.currentThread().join();
    }
}
