package org.colleaguesearch.ledger;

class LedgerPostgresqlIT extends LedgerTest {
    @Override
    TestLedger database() {
        return TestLedger.postgresql();
    }
}
