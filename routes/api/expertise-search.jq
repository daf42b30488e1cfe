# The query of POST /api/expertise-search. In: the body of the request. Out: the body of an OpenSearch search. Edit this file
# to change the ranking; bench/search measures the effect. Fields and analyzers are in mappings/colleagues.json.

(.query // "") as $query
# Without a letter or digit, the query matches everyone.
| ($query | test("[\\p{L}\\p{N}]")) as $asks
# Question words are ignored, unless there are no other words.
| ($query
    | gsub("\\b(who|whom|whose|which|what|where|when|why|how|do|does|did|can|could|would|should|am|were|been|being|has|have|had"
      + "|i|me|my|we|us|our|you|your|he|him|his|she|her|its|them|someone|somebody|anyone|anybody|knows?|knew|known"
      + "|about|from|out|other|others|than|some|any|so)(['’](s|re|d|ll|ve|m))?\\b"; " "; "i")
    | if test("[\\p{L}\\p{N}]") then . else $query end) as $query
# An empty list is no filter.
| (.filters // {} | with_entries(select(.value != []))) as $filters

# Define functions after the first "as": those before it would be shared by all requests.
# All filters on a path must match the same place, organization or function.
| def within($path; filters): select(filters != []) | {nested: {path: $path, query: {bool: {filter: filters}}}};
  # Matches patents by title or abstract; words in the title count twice.
  def fits: {combined_fields: {query: $query, fields: ["patents.title^2", "patents.abstract"]}};
  # Up to one typo per word of four letters or more, but not in the first letter.
  def nearly: {query: $query, analyzer: "words_mistyped", fuzziness: "AUTO:4,100", prefix_length: 1, max_expansions: 20};
  {
    from: (.from // 0),
    size: (.size // 10),
    track_total_hits: true,
    _source: ["id", "name", "active", "functions", "memberships", "geography"],
    query: {
      bool: {
        filter: [
          ($filters.active | select(. != null) | {term: {active: .}}),
          within("geography"; [
            ($filters.country | select(. != null) | {terms: {"geography.country.filter": .}}),
            ($filters.city | select(. != null) | {terms: {"geography.city.filter": .}})
          ]),
          within("memberships"; [
            $filters.organization | select(. != null) | {terms: {"memberships.organization.filter": .}}
          ]),
          within("functions"; [
            $filters.function | select(. != null) | {bool: {should: [
              {terms: {"functions.title.filter": .}},
              {terms: {"functions.code.filter": .}}
            ]}}
          ])
        ],
        # Who matches: everyone with one of the words. People with most of the words rank far ahead, even with typos: all of
        # one or two words, 70 % of more.
        must: [
          if $asks then {bool: {should: [
            {match: {_everything: {query: $query, zero_terms_query: "all", boost: 0.3}}},
            {function_score: {boost_mode: "sum", functions: [{weight: 30}], query: {bool: {should: [
              {match: {_everything: {query: $query, minimum_should_match: "2<70%", boost: 0}}},
              {match: {_everything: ({minimum_should_match: "2<70%", boost: 0.1} + nearly)}},
              {match: {name: {query: $query, minimum_should_match: "2<70%", fuzziness: "AUTO:4,100", max_expansions: 20}}}
            ]}}}}
          ]}} else {match_all: {}} end
        ],
        # Who ranks first.
        should: [
          # The best-matching patent.
          (select($asks) | {nested: {path: "patents", score_mode: "max", ignore_unmapped: true, query: {bool: {should: [
            fits,
            # All words in one patent count more than some of them repeated.
            {constant_score: {boost: 6, filter: {combined_fields: {query: $query, operator: "and",
              fields: ["patents.title", "patents.abstract"]}}}},
            # So do two of them: most words of a question are in no patent.
            {constant_score: {boost: 3, filter: {combined_fields: {query: $query, minimum_should_match: "2",
              fields: ["patents.title", "patents.abstract"]}}}},
            {match_phrase: {"patents.title": {query: $query, slop: 1, boost: 2}}},
            {match: {"patents.title": ({boost: 0.25} + nearly)}}
          ]}}}}),
          # A function, an organization and a place, in any mixture; even more if they cover the whole query.
          (select($asks)
            | {combined_fields: {query: $query,
                fields: ["functions.title^2", "geography.city^3", "memberships.organization"]}},
              {constant_score: {boost: 20, filter: {combined_fields: {query: $query, operator: "and",
                fields: ["functions.title", "geography.city", "memberships.organization"]}}}},
              {nested: {path: "functions", score_mode: "max", ignore_unmapped: true,
                query: {match: {"functions.title": {query: $query}}}}}),
          # Does not affect the ranking: selects the patents to show, the best-matching or otherwise the latest. Without typos,
          # because OpenSearch runs it again for each hit.
          {nested: {
            path: "patents",
            score_mode: "none",
            ignore_unmapped: true,
            query: {bool: {should: [(select($asks) | fits), {match_all: {boost: 0}}]}},
            inner_hits: {
              size: 3,
              _source: ["patents.number", "patents.title", "patents.date"],
              sort: [{_score: "desc"}, {"patents.date": {order: "desc", unmapped_type: "date"}}],
              highlight: {
                encoder: "html",
                fields: {
                  "patents.title": {number_of_fragments: 0},
                  "patents.abstract": {number_of_fragments: 2, fragment_size: 150}
                }
              }
            }
          }}
        ]
      }
    },
    # Names and ids break ties, so that a page never repeats someone from the page before.
    sort: ((if .sort == "name" then [] else [{_score: "desc"}] end)
      + [{"name.sort": {order: "asc", unmapped_type: "keyword"}}, {id: "asc"}]),
    aggs: {
      country: {terms: {field: "geography.country", size: 20}},
      city: {terms: {field: "geography.city.keyword", size: 20}},
      organization: {terms: {field: "memberships.organization.keyword", size: 20}},
      function: {terms: {field: "functions.title.keyword", size: 20}}
    }
  }
