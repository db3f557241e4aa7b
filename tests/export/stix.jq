# True when this is a bundle as STIX 2.1 wants one: required properties, ids, times, references that are there, closed vocabularies.
def uuid: "[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";
def time: test("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?Z$");
def text: type == "string" and length > 0;
([.objects[].id]) as $ids
| (.type == "bundle") and (.id | test("^bundle--" + uuid + "$")) and (has("spec_version") | not) and ($ids | length == (unique | length))
and (.objects | all(
  (.type as $t | .id | test("^" + $t + "--" + uuid + "$")) and (.spec_version == "2.1")
  and ([.. | objects | to_entries[] | select(.key | endswith("_ref")) | .value] | all(. as $r | $ids | index($r) != null))
  and ([.. | objects | to_entries[] | select(.key | endswith("_refs")) | .value[]] | all(. as $r | $ids | index($r) != null))
  and (if .type == "identity" then (.created | time) and (.modified | time) and (.name | text)
    elif .type == "marking-definition" then (.created | time) and .definition_type == "tlp" and .definition.tlp == "amber" and (has("modified") | not)
    elif .type == "extension-definition" then (.created | time) and (.modified | time) and (.created_by_ref | text) and (.name | text) and (.schema | text)
      and (.version | test("^[0-9]+\\.[0-9]+\\.[0-9]+$")) and (.extension_types == ["new-sco"])
    elif .type == "indicator" then (.created | time) and (.modified | time) and (.valid_from | time) and .pattern_type == "stix"
      and (.pattern | test("^\\[[a-z-]+:[A-Za-z_.'0-9-]+ = '([^'\\\\]|\\\\.)*'( AND [a-z-]+:[a-z_.]+ = '([^'\\\\]|\\\\.)*')?\\]$"))
      and (.indicator_types | all(. as $i | ["anomalous-activity", "anonymization", "benign", "compromised", "malicious-activity", "attribution", "unknown"] | index($i) != null))
    elif .type == "observed-data" then (.created | time) and (.first_observed | time) and (.last_observed | time) and .number_observed >= 1 and (.object_refs | length > 0)
    elif .type == "email-message" then (.is_multipart | type == "boolean")
    elif .type == "email-addr" then (.value | test("@"))
    elif .type == "ipv4-addr" or .type == "ipv6-addr" or .type == "url" or .type == "domain-name" then (.value | text)
    elif .type == "file" then (.hashes["SHA-256"] | test("^[0-9a-f]{64}$"))
    elif .type == "payment-address" then (.value | text) and (.kind | text) and (.extensions | to_entries | length == 1)
      and (.extensions | to_entries[0] | (.key as $k | $ids | index($k) != null) and .value == { extension_type: "new-sco" })
    else false end)))
