# The query of POST /api/expertise-search: in comes its body, out goes what OpenSearch is asked. Change the ranking here;
# bench/search shows what a change does to it. Fields and analyzers are in mappings/colleagues.json.

(.query // "") as $query
# Without a letter or a digit there is nothing to look for: everyone is found.
| ($query | test("[\\p{L}\\p{N}]")) as $asks
# Words that make a question of what is looked for weigh nothing, unless there are no others.
| ($query
    | gsub("\\b(who|whom|whose|which|what|where|when|why|how|do|does|did|can|could|would|should|am|were|been|being|has|have|had"
      + "|i|me|my|we|us|our|you|your|he|him|his|she|her|its|them|someone|somebody|anyone|anybody|knows?|knew|known"
      + "|about|from|out|other|others|than|some|any|so)(['’](s|re|d|ll|ve|m))?\\b"; " "; "i")
    | if test("[\\p{L}\\p{N}]") then . else $query end) as $query
# A filter that is an empty list is none.
| (.filters // {} | with_entries(select(.value != []))) as $filters

# Functions are defined after a first "as": those before it would be shared by all requests.
# Where and what: all that is given has to hold for the same place, body or function.
| def within($path; filters): select(filters != []) | {nested: {path: $path, query: {bool: {filter: filters}}}};
  # A patent of whose title or abstract there are words, in the title twice as good.
  def fits: {combined_fields: {query: $query, fields: ["patents.title^2", "patents.abstract"]}};
  # With one typo a word, from four letters on, but not in the first.
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
        # Who is found: whoever has one of the words. Far ahead of the others, whoever has most of them, also with typos:
        # one or two words all, of more of them 70 %.
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
        # Who comes first.
        should: [
          # The one patent that fits best.
          (select($asks) | {nested: {path: "patents", score_mode: "max", ignore_unmapped: true, query: {bool: {should: [
            fits,
            # All words in the one patent say more than some of them often.
            {constant_score: {boost: 6, filter: {combined_fields: {query: $query, operator: "and",
              fields: ["patents.title", "patents.abstract"]}}}},
            # So do two of them: in a question most words are in no patent.
            {constant_score: {boost: 3, filter: {combined_fields: {query: $query, minimum_should_match: "2",
              fields: ["patents.title", "patents.abstract"]}}}},
            {match_phrase: {"patents.title": {query: $query, slop: 1, boost: 2}}},
            {match: {"patents.title": ({boost: 0.25} + nearly)}}
          ]}}}}),
          # A field of work, a body and a place, in any mixture; the more so when that is all that was asked for.
          (select($asks)
            | {combined_fields: {query: $query,
                fields: ["functions.title^2", "geography.city^3", "memberships.organization"]}},
              {constant_score: {boost: 20, filter: {combined_fields: {query: $query, operator: "and",
                fields: ["functions.title", "geography.city", "memberships.organization"]}}}},
              {nested: {path: "functions", score_mode: "max", ignore_unmapped: true,
                query: {match: {"functions.title": {query: $query}}}}}),
          # No matter who comes first: which patents are shown. Those that fit best, else the latest. Without typos, since
          # it is asked again for each hit.
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
    # Names and ids decide between equals, so that a page never repeats someone of the page before.
    sort: ((if .sort == "name" then [] else [{_score: "desc"}] end)
      + [{"name.sort": {order: "asc", unmapped_type: "keyword"}}, {id: "asc"}]),
    aggs: {
      country: {terms: {field: "geography.country", size: 20}},
      city: {terms: {field: "geography.city.keyword", size: 20}},
      organization: {terms: {field: "memberships.organization.keyword", size: 20}},
      function: {terms: {field: "functions.title.keyword", size: 20}}
    }
  }
