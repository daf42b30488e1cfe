package org.colleaguesearch.ledger;

class HistoryPostgresqlIT extends HistoryTest {
    @Override
    TestLedger database() {
        return TestLedger.postgresql();
    }
}
