/**
 * Container images of the services, built without a container engine: Jib lays jars onto a base, which is a registry's, a tar,
 * or made of this machine's own Java. The walk begins at {@link io.seckill.local.images.ImageBuilder}.
 */
package io.seckill.local.images;
