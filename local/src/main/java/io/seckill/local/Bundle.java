package io.seckill.local;

import java.util.List;

/**
 * Debian packages that belong together. {@link DebianPackages} unpacks them into one folder.
 *
 * @param name of the folder, and what people call it
 * @param megabytes that a download takes, roughly
 * @param family what the names of the packages begin with: those on the machine are fetched all the same
 */
public record Bundle(String name, int megabytes, String family, List<String> packages) {}
