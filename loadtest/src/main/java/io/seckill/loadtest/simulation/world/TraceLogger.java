package io.seckill.loadtest.simulation.world;

import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/** The product's log lines become lines of the trace. */
final class TraceLogger extends LegacyAbstractLogger {
    private static final long serialVersionUID = 1L;

    TraceLogger(String name) {
        this.name = name;
    }

    @Override
    protected String getFullyQualifiedCallerName() {
        return null;
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level, Marker marker, String pattern, Object[] arguments, Throwable throwable) {
        World world = World.current();
        ProcessLife process = world.scheduler().current();
        world.trace(process + " " + name + " " + level + " "
                + MessageFormatter.basicArrayFormat(pattern, arguments)
                + (throwable == null ? "" : " " + throwable));
    }

    @Override
    public boolean isTraceEnabled() {
        return false;
    }

    @Override
    public boolean isDebugEnabled() {
        return traced();
    }

    @Override
    public boolean isInfoEnabled() {
        return traced();
    }

    @Override
    public boolean isWarnEnabled() {
        return traced();
    }

    @Override
    public boolean isErrorEnabled() {
        return traced();
    }

    private static boolean traced() {
        World world = World.current();
        return world != null && world.isTraced();
    }
}
