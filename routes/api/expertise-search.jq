# The query of POST /api/expertise-search. In: the body of the request, and in the variables "declared" what the indexers declare
# with search, filters, meaning and show, and "meaning" what the query means. Out: the bodies of two OpenSearch searches, which
# run beside each other: of the people, and of their number and the facets. Edit this file to change the ranking; bench/search
# measures the effect. Analyzers are in mappings/colleagues.json, the mapping of declared fields in mappings/fields.json.

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
| (.facets // []) as $facets
| (.explain == true) as $explains
| (variable("declared") | fromjson) as $declared
# Texts are searched item by item: titles, abstracts. Names are short, such as of a city, and are searched together.
| [$declared.sections[] | select(.texts != [])] as $texts
| [$declared.sections[].names[]] as $names
# Looking closely at everyone with one of the words would take longer the more people there are: only the best are.
| ($asks and .sort != "name") as $ranks
| 400 as $looked_at
# What the query means; empty if words alone are compared. A list by name has only those with the words.
| (variable("meaning") | fromjson) as $meaning
| [$declared.sections[] | select($ranks and $meaning != [] and .meaning != null)] as $by_meaning
# Who may be found.
| [
    ($filters.active | select(. != null) | {term: {active: .}}),
    # All filters of a section must match the same item, such as the same place.
    ($declared.sections[].name as $section
      | [$declared.filters[] | select(.section == $section) | .name as $name | select($filters[$name] != null)
          | [.fields[] | {terms: {(.): $filters[$name]}}]
          | if length == 1 then .[0] else {bool: {should: .}} end]
      | select(. != [])
      | {nested: {path: $section, query: {bool: {filter: .}}}})
  ] as $filter

# Define functions after the first "as": those before it would be shared by all requests.
# Matches items by their texts, with the declared weights.
| def fits: {combined_fields: {query: $query, fields: [(.texts + .names)[].weighted]}};
  # Matches items by all or some of the words.
  def has($condition): {combined_fields: ({query: $query, fields: [(.texts + .names)[].field]} + $condition)};
  # Up to one typo per word of four letters or more, but not in the first letter.
  def nearly: {query: $query, analyzer: "words_mistyped", fuzziness: "AUTO:4,100", prefix_length: 1, max_expansions: 20};
  # Parts of the score have names if the request asks for them.
  def named($name): if $explains then {_name: $name} else {} end;
  # The people with the items that are nearest to the query in meaning, whatever their words. No likeness is 0.5. OpenSearch
  # leaves out a boost when it counts, but not a weight.
  def nearest: select($by_meaning != []) | {dis_max: (named("nearest") + {queries: [$by_meaning[]
    | {function_score: {functions: [{weight: 25}], min_score: (25 * 0.625), query: {nested: {
      path: .meaning,
      ignore_unmapped: true,
      score_mode: "max",
      query: {knn: {(.meaning + ".vector"): ({vector: $meaning, k: 100}
        + if $filter == [] then {} else {filter: {bool: {filter: $filter}}} end)}}
    }}}}]})};
  # Most of the words: all of one or two, 70 % of more.
  def most: {minimum_should_match: "2<70%"};
  def has_name: {match: {name: ({query: $query, fuzziness: "AUTO:4,100", max_expansions: 20} + most)}};
  # People with most of the words, even with typos.
  def has_words: {dis_max: (named("has_words") + {queries: [
    {constant_score: {boost: 30, filter: {bool: {should: [
      {match: {_everything: ({query: $query} + most)}},
      {match: {_everything: (nearly + most)}}
    ]}}}},
    # The nearer a name is, the better.
    {function_score: {boost_mode: "sum", functions: [{weight: 30}], query: has_name}}
  ]})};
  # Who matches: everyone with one of the words, and those who are nearest in meaning. People with most of the words rank far
  # ahead.
  def matches: if $asks then {bool: {should: [
    {match: {_everything: {query: $query, zero_terms_query: "all", boost: 0.3}}},
    {dis_max: {queries: [has_words, nearest]}}
  ]}} else {match_all: {}} end;
  # How near the items of a person are together: the nearest ones count by far the most, those with a likeness below 0.3 hardly.
  def nearness: select($by_meaning != []) | {dis_max: (named("nearness") + {queries: [$by_meaning[] | {script_score: {
    script: {source: "params.weight * Math.log(1 + _score)", params: {weight: 24}},
    query: {nested: {path: .meaning, ignore_unmapped: true, score_mode: "sum", query: {script_score: {
      query: {exists: {field: (.meaning + ".vector")}},
      script: {
        source: "Math.exp(20 * (cosineSimilarity(params.query, doc[params.field]) - 0.3))",
        params: {query: $meaning, field: (.meaning + ".vector")}
      }
    }}}}
  }}]})};
  # Who is known by the words: most of them are in one item, three in a title, most in the name, or all in other names. They come before those who are
  # only near in meaning: 500 is more than any nearness. Among them, words alone decide.
  def is_known: {constant_score: (named("is_known") + {boost: 500, filter: {bool: {should: [
    ($texts[] | {nested: {path: .name, ignore_unmapped: true, query: {bool: {should: [
      has(most),
      (.texts[] | select(.title) | {match: {(.field): (nearly + most)}},
        {match: {(.field): {query: $query, minimum_should_match: 3}}})
    ]}}}}),
    (select($names != []) | {combined_fields: {query: $query, operator: "and", fields: [$names[].field]}}),
    has_name
  ]}}})};
  # Who ranks first of them.
  def ranks: [
    (select($by_meaning != []) | {dis_max: {queries: [is_known, nearness]}}),
    # The best-matching item.
    ($texts[] | {nested: {path: .name, score_mode: "max", ignore_unmapped: true, query: {bool: {should: [
      fits,
      # All words in one item count more than some of them repeated.
      {constant_score: {boost: 6, filter: has({operator: "and"})}},
      # So do two of them: most words of a question are in no item.
      {constant_score: {boost: 3, filter: has({minimum_should_match: "2"})}},
      (.texts[] | select(.title) | .field
        | {match_phrase: {(.): {query: $query, slop: 1, boost: 2}}},
          {match: {(.): ({boost: 0.25} + nearly)}})
    ]}}}}),
    # Names of several sections in any mixture, such as a function and a place; even more if they cover the whole query.
    (select($names != [])
      | {combined_fields: {query: $query, fields: [$names[].weighted]}},
        {constant_score: {boost: 20, filter: {combined_fields: {query: $query, operator: "and",
          fields: [$names[].field]}}}}),
    # Then the best-matching item by its weighted names, where all items of a section count.
    ($declared.sections[] | select(.current == null)
      | [.names[] | select(.weighted != .field) | {match: {(.field): {query: $query}}}] as $weighted
      | select($weighted != [])
      | {nested: {path: .name, score_mode: "max", ignore_unmapped: true, query: {bool: {should: $weighted}}}})
  ];
  # Match nobody, but say more of each person found:
  def says: [
    # The items to show, the best-matching or otherwise the latest. Without typos, because OpenSearch runs it for each hit.
    ($texts[] | {nested: {
      path: .name,
      score_mode: "none",
      ignore_unmapped: true,
      query: {bool: {should: [(select($asks) | fits), {match_all: {boost: 0}}]}},
      inner_hits: {
        size: 3,
        _source: .show,
        sort: [{_score: "desc"}, (.latest | select(. != null) | {(.): {order: "desc", unmapped_type: "date"}})],
        highlight: {
          encoder: "html",
          fields: ([(.texts + .names)[] | {(.field): (if .title == false
            then {number_of_fragments: 2, fragment_size: 150} else {number_of_fragments: 0} end)}] | add)
        }
      }
    }}),
    # The nearest items, if they are near enough to say so: from 1 for no likeness to 2 for the same.
    ($by_meaning[] | {nested: {path: .name, ignore_unmapped: true,
      query: {nested: {path: .meaning, ignore_unmapped: true, score_mode: "max", query: {script_score: {
        min_score: 1.25,
        query: {exists: {field: (.meaning + ".vector")}},
        script: {lang: "knn", source: "knn_score", params: {
          field: (.meaning + ".vector"), query_value: $meaning, space_type: "cosinesimil"}}
      }}}},
      inner_hits: {name: .meaning, size: 3, _source: (.show + .meaning_fields + [.meaning + ".sentences"])}
    }}),
    # Parts of the score of those who are looked at closely.
    (select($explains and $by_meaning != [] and (.from // 0) + (.size // 10) <= $looked_at) | is_known, nearness),
    # The names of the fields that match.
    (select($asks and $explains)
      | ("name", $declared.sections[].names[].field | {bool: {_name: ., should: [
          {match: {(.): {query: $query}}}, {match: {(.): nearly}}]}}),
        ($declared.sections[] | .name as $section
          | (.texts[].field | {nested: {_name: ., path: $section, ignore_unmapped: true, query: {bool: {should: [
              {match: {(.): {query: $query}}}, {match: {(.): nearly}}]}}}}),
            (.words[] | {nested: {_name: rtrimstr(".filter"), path: $section, ignore_unmapped: true,
              query: {terms: {(.): [$query | match("[^\\s]+"; "g").string]}}}})))
  ];
  [
    {
      from: (.from // 0),
      size: (.size // 10),
      track_total_hits: false,
      _source: (["id", "name", "active"] + [$declared.sections[] | select(.texts == []) | .show[]]),
      query: {bool: {
        filter: $filter,
        must: [matches],
        should: [{bool: {must: ([{term: {id: ""}}] + says)}}]
      }}
    }
    # Those who match best are ranked; whoever follows them keeps the order of the matches.
    + if $ranks then {
        rescore: {window_size: $looked_at, query: {rescore_query: {bool: {should: ranks}}}}
      } else {
        # Names and ids break ties, so that a page never repeats someone from the page before.
        sort: [{"name.sort": {order: "asc", unmapped_type: "keyword"}}, {id: "asc"}]
      } end
    + if $asks and $explains then {include_named_queries_score: true, highlight: {
        encoder: "html",
        number_of_fragments: 0,
        fields: (["name", $names[].field] | map({(.): {highlight_query: {match: {(.): {query: $query}}}}}) | add)
      }} else {} end,
    {
      size: 0,
      track_total_hits: true,
      query: {bool: {filter: ($filter + [matches])}},
      aggs: ([$declared.filters[] | select(.name as $name | if $facets == [] then .facet else any($facets[]; . == $name) end)
        | {(.name): {terms: {field: .values, size: 20}}}] | add // {})
    }
  ]
