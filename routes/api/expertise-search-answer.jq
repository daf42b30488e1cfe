# What POST /api/expertise-search answers: in comes the answer of OpenSearch, out goes a SearchResponse of the contract.

. as $answer

# Where somebody sits now: a stay that has not ended, else the one that ended last; of equals the first.
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
