# The response of POST /api/expertise-search. In: OpenSearch's response. Out: SearchResponse, as in the contract.

. as $answer

# A person's current place: the first one that has not ended, otherwise the one that ended last.
| def place: map(select(type == "object")) | (map(select(.until == null)) | first) // (reverse | max_by(.until));
  {
    total: $answer.hits.total.value,
    hits: [$answer.hits.hits[] | ._source as $person | {
      person: ({id: ($person.id // ._id)} + ($person | {name, active}) | with_entries(select(.value != null))),
      score: ._score,
      place: (($person.geography // []) | place),
      patents: [.inner_hits.patents.hits.hits[]?
        | ._source + {highlights: [.highlight // {} | (.["patents.title"], .["patents.abstract"])[]?]}],
      functions: ($person.functions // []),
      memberships: ($person.memberships // [])
    }],
    facets: ($answer.aggregations | map_values([.buckets[] | {value: .key, count: .doc_count}]))
  }
