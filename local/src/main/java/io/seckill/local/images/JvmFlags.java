package io.seckill.local.images;

/**
 * How a JVM fits into a container. The flags are an environment variable's value, so that a deployment can give others
 * without repeating the entrypoint.
 */
final class JvmFlags {
    /** What the {@code java} launcher reads before its arguments. */
    static final String VARIABLE = "JDK_JAVA_OPTIONS";

    /**
     * Half of the container's memory is heap, all of it from the start: with a limit of 1 GiB that is what the local stack
     * runs with. The other half is for Netty's buffers, threads and code. The collector is named, since a JVM with less than
     * two cores or 2 GB chooses the serial one by itself. No file of performance counters in /tmp: a collection waits when
     * that disk is slow.
     */
    static final String SERVICE = "-XX:InitialRAMPercentage=50 -XX:MaxRAMPercentage=50 -XX:+UseParallelGC"
            + " -XX:+ExitOnOutOfMemoryError -XX:-UsePerfData -Dfile.encoding=UTF-8";

    /** Runs for seconds: it compiles and allocates little. */
    static final String JOB = "-XX:MaxRAMPercentage=50 -XX:+UseSerialGC -XX:TieredStopAtLevel=1"
            + " -XX:+ExitOnOutOfMemoryError -XX:-UsePerfData -Dfile.encoding=UTF-8";

    private JvmFlags() {}
}
