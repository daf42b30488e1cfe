package org.colleaguesearch.delivery;

import java.time.Duration;
import org.apache.camel.component.aws.common.AwsClientBuilderUtil;
import org.apache.camel.component.aws2.s3.AWS2S3Configuration;
import org.colleaguesearch.failure.StartFailure;
import org.colleaguesearch.settings.Settings;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** The client of the bucket in {@code colleagues.files}. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnExpression("!environment.getProperty('colleagues.files.bucket', '').isEmpty()")
class Bucket {
    /** With growing pauses, these take 10 to 30 s when the server is down: it may only be restarting. */
    private static final int ATTEMPTS = 10;

    private static final Duration CALL_TIMEOUT = Duration.ofMinutes(3);
    /** Of the check at the start, for which someone waits. */
    private static final int CHECK_ATTEMPTS = 2;

    private static final Duration CHECK_TIMEOUT = Duration.ofSeconds(10);

    /**
     * Made here, because Camel's own has no time limits; from the same settings. Camel finds it, so that routes with {@code
     * aws2-s3} have it as well.
     */
    @Bean
    S3Client bucketClient(Environment environment) {
        return client(environment, ATTEMPTS, CALL_TIMEOUT);
    }

    private static S3Client client(Environment environment, int attempts, Duration timeout) {
        try {
            AWS2S3Configuration settings =
                    Binder.get(environment).bindOrCreate("camel.component.aws2-s3", AWS2S3Configuration.class);
            return AwsClientBuilderUtil.<S3ClientBuilder, S3Client>buildClient(
                    settings,
                    S3Client::builder,
                    client -> client.forcePathStyle(settings.isForcePathStyle())
                            // Servers other than that of AWS may not know the checksums that are sent by default.
                            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                            .overrideConfiguration(limits -> limits.apiCallAttemptTimeout(timeout.dividedBy(2))
                                    .apiCallTimeout(timeout)
                                    .retryStrategy(AwsRetryStrategy.standardRetryStrategy().toBuilder()
                                            .maxAttempts(attempts)
                                            // Chunks that wait at the same time would use up each other's attempts.
                                            .circuitBreakerEnabled(false)
                                            .build())));
        } catch (SdkException | IllegalArgumentException e) {
            throw new StartFailure("invalid settings of camel.component.aws2-s3: " + e.getMessage(), e);
        }
    }

    @Bean
    BucketCheck bucketCheck(Environment environment, Settings settings) {
        return new BucketCheck(
                () -> client(environment, CHECK_ATTEMPTS, CHECK_TIMEOUT),
                settings.files().bucket());
    }
}
