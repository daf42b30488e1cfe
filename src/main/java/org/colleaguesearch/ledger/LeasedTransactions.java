package org.colleaguesearch.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.interceptor.TransactionAttribute;

/**
 * A transaction manager that requires the {@link Lease} for transactions that are not read-only, except those of {@link
 * Lease#ANY_NODE}.
 */
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
        if (!definition.isReadOnly() && !isOfAnyNode(definition)) {
            lease.check(connection);
        }
    }

    private static boolean isOfAnyNode(TransactionDefinition definition) {
        return definition instanceof TransactionAttribute attribute
                && attribute.getLabels().contains(Lease.ANY_NODE);
    }

    /** Unwraps the lost lease, which Spring would report as a missing connection. */
    @Override
    protected void doBegin(Object transaction, TransactionDefinition definition) {
        try {
            super.doBegin(transaction, definition);
        } catch (CannotCreateTransactionException e) {
            throw e.getCause() instanceof LeaseLost lost ? lost : e;
        }
    }
}
