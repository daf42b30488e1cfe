package org.colleaguesearch.people;

import org.colleaguesearch.ledger.TestLedger;

class PeopleListPostgresqlIT extends PeopleListTest {
    @Override
    TestLedger database() {
        return TestLedger.postgresql();
    }
}
