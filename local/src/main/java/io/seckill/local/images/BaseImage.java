package io.seckill.local.images;

import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.frontend.CredentialRetrieverFactory;
import io.seckill.local.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What an image stands on: a system with a Java 17 or later on its PATH. */
public interface BaseImage {
    /** What asks for a {@link LocalBase}. */
    String LOCAL = "local";

    /** An image that has the base and nothing more. */
    JibContainerBuilder begin() throws IOException;

    /**
     * The base that a text names: {@code local}, {@code NAME@sha256:DIGEST} in a registry, or {@code tar://FILE}, an image
     * that {@code docker save} or this project wrote. A name without a digest is refused: it means another image tomorrow.
     *
     * @param work a folder for what a local base is made of
     * @throws IllegalArgumentException if it names none; the message says why
     */
    static BaseImage parse(String text, Path work, Progress progress) {
        if (text.equals(LOCAL)) {
            return new LocalBase(work, progress);
        }
        if (text.startsWith(Jib.TAR_IMAGE_PREFIX)) {
            Path tar = Path.of(text.substring(Jib.TAR_IMAGE_PREFIX.length()));
            if (!Files.isRegularFile(tar)) {
                throw new IllegalArgumentException("there is no such file");
            }
            return () -> Jib.from(TarImage.at(tar));
        }
        try {
            ImageReference reference = ImageReference.parse(text);
            if (reference.getDigest().isEmpty()) {
                throw new IllegalArgumentException("it has no digest");
            }
            return () -> Jib.from(RegistryImage.named(reference)
                    .addCredentialRetriever(CredentialRetrieverFactory.forImage(reference, event -> {})
                            .dockerConfig()));
        } catch (InvalidImageReferenceException e) {
            throw new IllegalArgumentException("it is no image's name", e);
        }
    }
}
