package org.colleaguesearch.delivery;

import java.nio.file.Path;
import org.colleaguesearch.settings.Settings;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import software.amazon.awssdk.services.s3.S3Client;

/** Where CSV files and exports are kept: each in a folder, or all in the bucket of {@code colleagues.files}. */
@Configuration(proxyBeanMethods = false)
class FileStores {
    /** Prefixes in the bucket. {@code routes/deliver/deliver-csv.camel.yaml} has the first one as well. */
    static final String CSV = "csv/";

    static final String EXPORTS = "exports/";

    @Bean
    FileStore csvStore(Settings settings, ObjectProvider<S3Client> bucketClient) {
        return store(settings.csv().folder(), CSV, settings.files(), bucketClient);
    }

    @Bean
    FileStore exportStore(Settings settings, ObjectProvider<S3Client> bucketClient) {
        return store(settings.export().folder(), EXPORTS, settings.files(), bucketClient);
    }

    private static FileStore store(
            Path folder, String prefix, Settings.Files settings, ObjectProvider<S3Client> bucketClient) {
        return settings.usesBucket()
                ? new BucketStore(
                        bucketClient.getObject(),
                        settings.bucket(),
                        prefix,
                        new Upload(folder, settings.readableBy(), Upload.PIECE))
                : new FolderStore(folder, settings.readableBy());
    }
}
