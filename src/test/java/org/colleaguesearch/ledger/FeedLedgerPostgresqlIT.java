package org.colleaguesearch.ledger;

class FeedLedgerPostgresqlIT extends FeedLedgerTest {
    @Override
    TestLedger database() {
        return TestLedger.postgresql();
    }
}
