# The query of GET /api/autosuggest: q and size come as headers, out goes what OpenSearch is asked. Change here what is
# suggested, and in which order. Fields and analyzers are in mappings/colleagues.json.

(header("q") // "") as $typed
| (header("size") // "5" | tonumber) as $size
# Without a letter or a digit: the most frequent of each.
| ($typed | test("[\\p{L}\\p{N}]")) as $asks

# Each word that was typed begins a word of the value; mistyped, with one typo from four letters on.
| def begins($field): {match: {($field): {query: $typed, operator: "and"}}};
  def nearly($field): {match: {($field): {query: $typed, operator: "and",
    fuzziness: "AUTO:4,100", prefix_length: 1, max_expansions: 50}}};

  # Topics that begin so, as a regular expression. Their letters are small and have no accents: where one was typed, any
  # letter will do.
  def typos: . as $word
    | if length < 4 or length > 12 then . else
        [., (range(1; length) | $word[:.] + ".?" + $word[. + 1:], $word[:.] + "." + $word[.:]),
          (range(1; length - 1) | $word[:.] + $word[. + 1:. + 2] + $word[.:. + 1] + $word[. + 2:])]
        | "(" + join("|") + ")"
      end;
  def topic(words): ([$typed | ascii_downcase | match("[\\p{L}\\p{N}]+"; "g").string | match("^.{1,20}").string
    | if test("[a-z0-9]") then gsub("[^a-z0-9]"; ".") else . end | words][:3] | join("[^ ]* ")) + ".*";
  topic(.) as $topic
  # OpenSearch takes no longer ones.
| (topic(typos) | if length > 1000 then $topic else . end) as $nearly_topic

# The values of a field with the number of people who have them, the most frequent first.
| def values($path; $field):
    if $asks then {
      nested: {path: $path},
      aggs: {matching: {
        filters: {filters: {
          typed: begins("\($path).\($field).beginnings"),
          mistyped: nearly("\($path).\($field).beginnings")
        }},
        aggs: {values: {
          terms: {field: "\($path).\($field).keyword", size: $size, order: [{people: "desc"}, {_key: "asc"}]},
          aggs: {people: {reverse_nested: {}}}
        }}
      }}
    } else {terms: {field: "\($path).\($field).keyword", size: $size}} end;

  [
    {constant_score: {filter: {match: {name: {query: $typed, operator: "and"}}}, boost: 4}},
    {constant_score: {filter: begins("name.beginnings"), boost: 2}},
    {constant_score: {filter: nearly("name.beginnings"), boost: 1}}
  ] as $names
| {
    size: $size,
    _source: ["id", "name"],
    track_total_hits: false,
    # Those whose values are counted. Only names score.
    query: (if $asks then {bool: {should: ($names + [
      {bool: {filter: {bool: {should: [
        ("functions.title", "memberships.organization", "geography.city" | nearly("\(.).beginnings")),
        {regexp: {_topics: {value: $nearly_topic}}}
      ]}}}}
    ])}} else {match_all: {}} end),
    # People: whole words first, then beginnings, then typos; among equals, those with the most patents.
    post_filter: (if $asks then {bool: {should: $names}} else {match_all: {}} end),
    sort: [
      {_score: "desc"},
      {"memberships.patents": {order: "desc", mode: "sum", nested: {path: "memberships"}}},
      {"name.sort": "asc"},
      {id: "asc"}
    ],
    aggs: {
      functions: values("functions"; "title"),
      organizations: values("memberships"; "organization"),
      cities: values("geography"; "city"),
      # Twice as many, since "neural network" and "neural networks" will become one.
      topics: {terms: {field: "_topics", size: (2 * $size), include: (if $asks then $topic else ".* .*" end)}},
      nearly_topics: {terms: {field: "_topics", size: (2 * $size), include: (if $asks then $nearly_topic else "" end)}}
    }
  }
