# The response of GET /api/autosuggest. In: OpenSearch's response. Out: Suggestions, as in the contract.

(header("size") // "5" | tonumber) as $size

# Each value once, at its first occurrence: exact matches come before matches with a typo.
| def counted(buckets; same): [buckets | {value: .key, count: (.people.doc_count // .doc_count)}]
    | reduce .[] as $next ({seen: {}, kept: []};
        ($next.value | same) as $key
        | if .seen[$key] then . else .seen[$key] = true | .kept += [$next] end)
    | .kept[:$size];
  def values: counted((.buckets, .matching.buckets.typed.values.buckets, .matching.buckets.mistyped.values.buckets)[]?; .);
  {
    people: [.hits.hits[] | {value: (._source.name // ._id), id: ._id}],
    functions: (.aggregations.functions | values),
    organizations: (.aggregations.organizations | values),
    cities: (.aggregations.cities | values),
    # Of singular and plural, the more frequent.
    topics: (.aggregations | counted((.topics, .nearly_topics).buckets[]; rtrimstr("s")))
  }
