# The query of GET /api/autosuggest. In: the headers q and size, and in the variable "declared" what the indexers declare. Out:
# the body of an OpenSearch search. Edit this file to change what is suggested, and in which order. Analyzers are in
# mappings/colleagues.json, the mapping of declared fields in mappings/fields.json.

(header("q") // "") as $typed
| (header("size") // "5" | tonumber) as $size
| (variable("declared") | fromjson) as $declared
# Without a letter or digit, suggest the most frequent values.
| ($typed | test("[\\p{L}\\p{N}]")) as $asks

# Each typed word is a prefix of a word of the value; nearly: with up to one typo in words of four letters or more.
| def begins($field): {match: {($field): {query: $typed, operator: "and"}}};
  def nearly($field): {match: {($field): {query: $typed, operator: "and",
    fuzziness: "AUTO:4,100", prefix_length: 1, max_expansions: 50}}};

  # A regular expression for topics with these prefixes. Topics are in lower case without accents, so a typed accented
  # letter matches any letter.
  def typos: . as $word
    | if length < 4 or length > 12 then . else
        [., (range(1; length) | $word[:.] + ".?" + $word[. + 1:], $word[:.] + "." + $word[.:]),
          (range(1; length - 1) | $word[:.] + $word[. + 1:. + 2] + $word[.:. + 1] + $word[. + 2:])]
        | "(" + join("|") + ")"
      end;
  def topic(words): ([$typed | ascii_downcase | match("[\\p{L}\\p{N}]+"; "g").string | match("^.{1,20}").string
    | if test("[a-z0-9]") then gsub("[^a-z0-9]"; ".") else . end | words][:3] | join("[^ ]* ")) + ".*";
  topic(.) as $topic
  # OpenSearch's limit for a regular expression.
| (topic(typos) | if length > 1000 then $topic else . end) as $nearly_topic

# The values of a field with their numbers of people, the most frequent first.
| def values:
    if $asks then {
      nested: {path: .section},
      aggs: {matching: {
        filters: {filters: {
          typed: begins("\(.field).beginnings"),
          mistyped: nearly("\(.field).beginnings")
        }},
        aggs: {values: {
          terms: {field: "\(.field).keyword", size: $size, order: [{people: "desc"}, {_key: "asc"}]},
          aggs: {people: {reverse_nested: {}}}
        }}
      }}
    } else {terms: {field: "\(.field).keyword", size: $size}} end;

  [
    {constant_score: {filter: {match: {name: {query: $typed, operator: "and"}}}, boost: 4}},
    {constant_score: {filter: begins("name.beginnings"), boost: 2}},
    {constant_score: {filter: nearly("name.beginnings"), boost: 1}}
  ] as $names
| {
    size: $size,
    _source: ["id", "name"],
    track_total_hits: false,
    # The people whose values are counted. Only names score.
    query: (if $asks then {bool: {should: ($names + [
      {bool: {filter: {bool: {should: [
        ($declared.suggestions[] | nearly("\(.field).beginnings")),
        {regexp: {_topics: {value: $nearly_topic}}}
      ]}}}}
    ])}} else {match_all: {}} end),
    # People: whole words first, then prefixes, then typos; at equal scores, those with the greatest weight.
    post_filter: (if $asks then {bool: {should: $names}} else {match_all: {}} end),
    sort: [
      {_score: "desc"},
      ($declared.weights[] | {(.field): {order: "desc", mode: "sum", nested: {path: .section}}}),
      {"name.sort": "asc"},
      {id: "asc"}
    ],
    aggs: (([$declared.suggestions[] | {(.name): values}] | add // {}) + {
      # Twice the size, because "neural network" and "neural networks" are merged later.
      topics: {terms: {field: "_topics", size: (2 * $size), include: (if $asks then $topic else ".* .*" end)}},
      nearly_topics: {terms: {field: "_topics", size: (2 * $size), include: (if $asks then $nearly_topic else "" end)}}
    })
  }
