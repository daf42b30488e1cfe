package org.colleaguesearch;

import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;
import org.slf4j.LoggerFactory;

/**
 * Sets up the log before the first test. Where two tests that run at once log first, SLF4J says so on standard error,
 * which some tests look at.
 */
public final class LogFirst implements LauncherSessionListener {
    @Override
    public void launcherSessionOpened(LauncherSession session) {
        LoggerFactory.getILoggerFactory();
    }
}
