package org.colleaguesearch.ledger;

class RetriedChunksPostgresqlIT extends RetriedChunksTest {
    @Override
    TestLedger database() {
        return TestLedger.postgresql();
    }
}
