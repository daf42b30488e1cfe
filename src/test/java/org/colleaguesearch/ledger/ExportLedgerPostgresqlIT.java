package org.colleaguesearch.ledger;

class ExportLedgerPostgresqlIT extends ExportLedgerTest {
    @Override
    TestLedger database() {
        return TestLedger.postgresql();
    }
}
