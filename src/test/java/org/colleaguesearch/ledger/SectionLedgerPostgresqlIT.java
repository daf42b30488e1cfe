package org.colleaguesearch.ledger;

class SectionLedgerPostgresqlIT extends SectionLedgerTest {
    @Override
    TestLedger database() {
        return TestLedger.postgresql();
    }
}
