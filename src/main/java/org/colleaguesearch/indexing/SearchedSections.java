package org.colleaguesearch.indexing;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.colleaguesearch.failure.StartFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * The sections that are searched, by name, for which the index is set up. An edit of the routes that adds a section takes
 * effect immediately; another edit of a declaration takes effect at the next start, and a warning says so.
 *
 * <p>Set by the thread that starts the application, before anything is served, and later by the one that watches the route
 * files; read by any thread.
 */
@Component("searchedSections")
public class SearchedSections implements CamelContextConfiguration {
    private static final Logger LOG = LoggerFactory.getLogger(SearchedSections.class);

    private final ObjectProvider<CurrentRoutes> routes;
    private final ObjectProvider<Index> index;
    private volatile List<Searched> taken;

    /** {@code index} is absent unless chunks are delivered to OpenSearch. */
    SearchedSections(ObjectProvider<CurrentRoutes> routes, ObjectProvider<Index> index) {
        this.routes = routes;
        this.index = index;
    }

    /** The index whose mapping has the sections. */
    public interface Index {
        /**
         * Adds what the mapping lacks.
         *
         * @param indexers the names of all indexers, searched or not
         * @return false if only the next start can do it
         */
        boolean extend(List<Searched> sections, Set<String> indexers);
    }

    public List<Searched> all() {
        // The index may be set up just before this is told about the routes.
        return taken == null ? in(routes.getObject().context()) : taken;
    }

    /** The fields of an item of the section that are searched by meaning; empty for none. */
    public List<String> meaning(String section) {
        return all().stream()
                .filter(searched -> searched.section().equals(section))
                .findFirst()
                .map(Searched::meaning)
                .orElse(List.of());
    }

    private static List<Searched> in(CamelContext camel) {
        return Indexers.in(camel).stream()
                .map(Indexer::searched)
                .filter(Searched::isDeclared)
                .toList();
    }

    @Override
    public void beforeApplicationStart(CamelContext camel) {
        if (taken != null) {
            return;
        }
        List<Searched> declared = in(camel);
        DeclaredSearchNames names = new DeclaredSearchNames();
        for (Searched searched : declared) {
            try {
                names.add(searched);
            } catch (SearchDeclaration.Wrong e) {
                throw new StartFailure("indexer " + searched.section() + ": " + e.getMessage(), e);
            }
        }
        taken = declared;
    }

    /** The routes of an edit are good. None of its triggers is started yet, so nothing has been written. */
    @Override
    public void afterApplicationStart(CamelContext camel) {
        List<Searched> declared = in(camel);
        if (declared.equals(taken)) {
            return;
        }
        Set<String> names = Indexers.in(camel).stream().map(Indexer::name).collect(Collectors.toSet());
        if (index.stream().allMatch(each -> each.extend(declared, names))) {
            taken = declared;
        } else {
            LOG.warn(
                    "the route files now declare other fields to search (search, filters, suggest, meaning, show or weight of an"
                            + " indexer); this takes effect at the next start");
        }
    }
}
