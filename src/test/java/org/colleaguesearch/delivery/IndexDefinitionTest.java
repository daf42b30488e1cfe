package org.colleaguesearch.delivery;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import org.colleaguesearch.failure.StartFailure;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.AbstractResource;

class IndexDefinitionTest {
    @Test
    void reportsAnUnreadableFileEvenWithoutAReason() {
        assertThatThrownBy(() -> IndexDefinition.read(new Unexplained()))
                .isInstanceOf(StartFailure.class)
                .hasMessage("colleagues.opensearch.mapping: cannot read URL [https://***@example.org/m.json]:"
                        + " IOException");
    }

    private static final class Unexplained extends AbstractResource {
        @Override
        public String getDescription() {
            return "URL [https://ada:hunter2@example.org/m.json]";
        }

        @Override
        public InputStream getInputStream() throws IOException {
            throw new IOException();
        }
    }
}
