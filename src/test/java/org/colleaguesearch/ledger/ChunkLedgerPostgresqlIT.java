package org.colleaguesearch.ledger;

class ChunkLedgerPostgresqlIT extends ChunkLedgerTest {
    @Override
    TestLedger database() {
        return TestLedger.postgresql();
    }
}
