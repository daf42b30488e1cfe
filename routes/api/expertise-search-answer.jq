# The response of POST /api/expertise-search. In: OpenSearch's responses to the searches of the people and of the facets, and in
# the variable "declared" what the indexers declare. Out: SearchResponse, as in the contract.

. as [$people, $all]
| (variable("declared") | fromjson) as $declared

# The current item, such as the current place: the first one without an end, otherwise the one that ended last.
| def current($until): map(select(type == "object")) | (map(select(.[$until] == null)) | first) // (reverse | max_by(.[$until]));
  # The best-matching items of a section with texts, by words and by meaning, each best first. Without either, the latest.
  def best($hit): .name as $section | (.meaning // "") as $meaning
    | [($hit.inner_hits[$section].hits.hits // [] | to_entries[]
          | {place: .value._nested.offset, worth: ((if ((.value.sort // [])[0] // .value._score // 0) > 0 then 1 else 0.001 end) / (.key + 1)), item: .value}),
        ($hit.inner_hits[$meaning].hits.hits // [] | to_entries[]
          | {place: .value._nested.offset, worth: (1 / (.key + 1)), item: .value, near: .value})]
    | group_by(.place) | sort_by(-(map(.worth) | add))
    | [.[:3][] | .[0].item + {near: (map(.near | select(. != null)) | first)}];
  # Where an item has what only helped to find it.
  def hidden: (.show | map(split(".")[1:])) as $shown
    | [.meaning_fields[] | split(".")[1:] | select(. as $path | any($shown[]; . == $path) | not)] + [["_meaning"], ["nearest"]];
  # The highlights of an item, in the order in which the indexer declares the fields.
  def highlights: [(.texts + .names)[].field];
  {
    total: $all.hits.total.value,
    # Of a page, people with the same score are ordered by name.
    hits: [$people.hits.hits
      | if .[0]._score then sort_by([-._score, (._source.name // "" | ascii_downcase), ._id]) else . end
      | .[] | . as $hit | ._source as $person | {
      person: ({id: ($person.id // ._id)} + ($person | {name, active}) | with_entries(select(.value != null))),
      score: ._score
    }
    + ([$declared.sections[] | highlights as $fields | {(.result): (
        if .texts != [] then
          hidden as $hidden | [best($hit)[] | . as $item | ($item._source | delpaths($hidden))
            + {highlights: [$fields[] | ($item.highlight[.] // [])[]]}
            + if .near == null then {} else
                {nearest: {sentence: .near._source.nearest, similarity: ((.near._score - 1) * 1000 | round / 1000)}} end]
        else .current as $until | ($person[.name] // []) | if $until == null then . else current($until) end end)}] | add // {})
    # Why this person is found, if asked: the fields that match, with the matches highlighted.
    + (if .matched_queries == null then {} else {matches: [(.matched_queries | del(.nearest, .nearness, .has_words, .is_known) | keys)[] as $field | {
        field: $field,
        highlights: ($hit.highlight[$field] // [$declared.sections[] | select(.texts != []) | best($hit)[].highlight[$field][]?])
      }]} end)
    # The parts of the score, if asked. Meaning adds nothing for those who have the words.
    + (if .matched_queries == null or ._score == null then {} else
        (.matched_queries | (if .has_words then 0 else .nearest // 0 end) + (if .is_known then 0 else .nearness // 0 end)) as $meaning
        | {score_parts: {words: (._score - $meaning), meaning: $meaning}} end)],
    facets: ($all.aggregations // {} | map_values([.buckets[] | {value: .key, count: .doc_count}]))
  }
