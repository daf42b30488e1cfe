# The response of GET /api/autosuggest. In: OpenSearch's response, and in the variable "declared" what the indexers
# declare. Out: Suggestions, as in the contract.

(header("size") // "5" | tonumber) as $size
| (variable("declared") | fromjson) as $declared

# Each value once, at its first occurrence: exact matches come before matches with a typo.
| def counted(buckets; same): [buckets | {value: .key, count: (.people.doc_count // .doc_count)}]
    | reduce .[] as $next ({seen: {}, kept: []};
        ($next.value | same) as $key
        | if .seen[$key] then . else .seen[$key] = true | .kept += [$next] end)
    | .kept[:$size];
  def values: counted((.buckets, .matching.buckets.typed.values.buckets, .matching.buckets.mistyped.values.buckets)[]?; .);
  .aggregations as $groups
| {people: [.hits.hits[] | {value: (._source.name // ._id), id: ._id}]}
  + ([$declared.suggestions[].name | {(.): ($groups[.] | values)}] | add // {})
  # Of singular and plural, the more frequent.
  + {topics: ($groups | counted((.topics, .nearly_topics).buckets[]; rtrimstr("s")))}
