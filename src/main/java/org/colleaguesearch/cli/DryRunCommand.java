package org.colleaguesearch.cli;

import java.io.PrintStream;
import java.util.Map;
import org.apache.camel.ProducerTemplate;
import org.colleaguesearch.ledger.Database;
import org.colleaguesearch.source.ApiFailures;
import org.colleaguesearch.tooling.dryrun.DryRun;
import org.colleaguesearch.tooling.dryrun.DryRunReport;
import org.colleaguesearch.tooling.dryrun.DryRuns;
import org.colleaguesearch.tooling.dryrun.SideBySide;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationContext;

/** The command that tries an indexer on a few people. It writes nothing, so it may run beside a service. */
final class DryRunCommand {
    /** Whatever the user's say: no OpenSearch, no ledger but one in memory, no port that a service may have. */
    static final Map<String, String> SETTINGS = Map.of(
            "colleagues.deliver-to", "csv",
            "colleagues.database.url", Database.inMemory("dry-run"),
            "colleagues.demo.port", "0",
            "server.port", "-1",
            // What it shows is not to stand among log lines.
            "logging.level.root", "warn");

    private static final Logger LOG = LoggerFactory.getLogger(DryRunCommand.class);

    private DryRunCommand() {}

    /** @throws WrongUsage without an indexer, or with a limit that is none */
    static void check(CommandLine line) {
        if (line.operand().isEmpty() || limit(line) < 1 || limit(line) > DryRun.MOST) {
            throw new WrongUsage("--dry-run takes the name of an indexer, and --limit how many people, 1 to "
                    + DryRun.MOST + ": --dry-run patents --limit " + DryRun.FEW);
        }
    }

    private static int limit(CommandLine line) {
        String limit = line.options().getOrDefault("--limit", String.valueOf(DryRun.FEW));
        return limit.matches("\\d{1,3}") ? Integer.parseInt(limit) : 0;
    }

    /** Of long answers, a reader sees the beginning; a file or another program gets all. */
    static SideBySide form() {
        return new SideBySide(Terminal.columns(), Terminal.shows() ? SideBySide.FEW_LINES : SideBySide.ALL_LINES);
    }

    /** Does it, and returns the exit code; no failure may keep the process alive for want of one. */
    static int run(ApplicationContext context, CommandLine line, PrintStream out) {
        try {
            DryRun dryRun = context.getBean(DryRuns.class).of(line.operand(), limit(line));
            DryRunReport report =
                    context.getBean(ProducerTemplate.class).requestBody("direct:dry-run", dryRun, DryRunReport.class);
            form().print(report, out);
            return report.failed() == 0 ? 0 : 1;
        } catch (RuntimeException e) {
            System.err.println("--dry-run " + line.operand() + ": " + ApiFailures.reason(e));
            LOG.debug("the dry run could not be done", e);
            return Cli.NOT_DONE;
        }
    }
}
