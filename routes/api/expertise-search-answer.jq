# The response of POST /api/expertise-search. In: OpenSearch's responses to the searches of the people and of the facets, and in
# the variable "declared" what the indexers declare. Out: SearchResponse, as in the contract.

. as [$people, $all]
| (variable("declared") | fromjson) as $declared

# The current item, such as the current place: the first one without an end, otherwise the one that ended last.
| def current($until): map(select(type == "object")) | (map(select(.[$until] == null)) | first) // (reverse | max_by(.[$until]));
  # The best-matching items of a section with texts, as OpenSearch shows them.
  def best($hit): .name as $section | [$hit.inner_hits[$section].hits.hits[]?];
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
          [best($hit)[] | . as $item | ._source + {highlights: [$fields[] | ($item.highlight[.] // [])[]]}]
        else .current as $until | ($person[.name] // []) | if $until == null then . else current($until) end end)}] | add // {})
    # Why this person is found, if asked: the fields that match, with the matches highlighted.
    + (if .matched_queries == null then {} else {matches: [(.matched_queries | sort)[] as $field | {
        field: $field,
        highlights: ($hit.highlight[$field] // [$declared.sections[] | select(.texts != []) | best($hit)[].highlight[$field][]?])
      }]} end)],
    facets: ($all.aggregations // {} | map_values([.buckets[] | {value: .key, count: .doc_count}]))
  }
