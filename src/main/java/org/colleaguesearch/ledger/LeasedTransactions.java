package org.colleaguesearch.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionDefinition;

/** Transactions of which those that are not read-only need the {@link Lease}. */
final class LeasedTransactions extends JdbcTransactionManager {
    private static final long serialVersionUID = 1L;

    private final transient Lease lease;

    LeasedTransactions(DataSource source, Lease lease) {
        super(source);
        this.lease = lease;
    }

    @Override
    protected void prepareTransactionalConnection(Connection connection, TransactionDefinition definition)
            throws SQLException {
        super.prepareTransactionalConnection(connection, definition);
        if (!definition.isReadOnly()) {
            lease.check(connection);
        }
    }

    /** Spring would say that there is no connection. */
    @Override
    protected void doBegin(Object transaction, TransactionDefinition definition) {
        try {
            super.doBegin(transaction, definition);
        } catch (CannotCreateTransactionException e) {
            throw e.getCause() instanceof LeaseLost lost ? lost : e;
        }
    }
}
