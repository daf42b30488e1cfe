package org.colleaguesearch.delivery;

import java.util.UUID;
import java.util.function.Supplier;
import org.colleaguesearch.failure.Causes;
import org.colleaguesearch.failure.StartFailure;
import org.springframework.beans.factory.InitializingBean;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Checks at the start that objects of the bucket can be written, read, listed and deleted. */
class BucketCheck implements InitializingBean {
    private static final String SETTING = "colleagues.files.bucket";

    private final Supplier<S3Client> clients;
    private final String bucket;

    /** @param clients with short time limits */
    BucketCheck(Supplier<S3Client> clients, String bucket) {
        this.clients = clients;
        this.bucket = bucket;
    }

    @Override
    public void afterPropertiesSet() {
        // One for each start: several nodes may start at the same time.
        String key = FileStores.CSV + "check-" + UUID.randomUUID();
        try (S3Client client = clients.get()) {
            client.listObjectsV2(
                    list -> list.bucket(bucket).prefix(FileStores.CSV).maxKeys(1));
            client.putObject(put -> put.bucket(bucket).key(key), RequestBody.fromString("check"));
            client.getObjectAsBytes(get -> get.bucket(bucket).key(key));
            // As the parts of a run are deleted.
            client.deleteObjects(delete -> delete.bucket(bucket)
                    .delete(objects ->
                            objects.objects(ObjectIdentifier.builder().key(key).build())));
        } catch (S3Exception e) {
            throw new StartFailure(SETTING + ": " + reason(e), e);
        } catch (SdkException e) {
            // It lists all providers, with the reasons of each.
            boolean isWithoutCredentials = Causes.line(e).startsWith("Unable to load credentials");
            throw new StartFailure(
                    SETTING + ": cannot reach bucket '" + bucket + "': "
                            + (isWithoutCredentials ? "no credentials found" : Causes.line(e))
                            + "; check the network, and region, endpoint and credentials in camel.component.aws2-s3",
                    e);
        }
    }

    private String reason(S3Exception refusal) {
        return switch (refusal.statusCode()) {
            case 404 ->
                "bucket '" + bucket + "' does not exist: create it, or correct the setting or the endpoint in"
                        + " camel.component.aws2-s3";
            case 401, 403 ->
                "access to bucket '" + bucket + "' is denied: check the credentials, and that they may list the"
                        + " bucket and get, put and delete its objects";
            default ->
                "cannot use bucket '" + bucket + "': HTTP " + refusal.statusCode() + ": " + Causes.line(refusal)
                        + "; check camel.component.aws2-s3";
        };
    }
}
