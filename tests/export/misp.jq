# True when this is an event of MISP's core format (the parts that importers insist on), with types in categories that take them.
def uuid: test("^[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$");
{ "Payload delivery": ["email-src", "email-src-display-name", "email-reply-to", "email-subject", "email-message-id", "sha256", "url", "ip-src", "text", "comment", "other"],
  "Network activity": ["ip-src", "url", "domain", "hostname", "text", "comment", "other"],
  "Financial fraud": ["btc", "dash", "xmr", "iban", "text", "comment", "other"],
  "Social network": ["text", "comment", "other"], "External analysis": ["sha256", "url", "text", "comment", "other"], "Other": ["text", "comment", "other"] } as $takes
| .Event
| (.uuid | uuid) and (.info | type == "string" and length > 0) and (.date | test("^[0-9]{4}-[0-9]{2}-[0-9]{2}$"))
  and (.threat_level_id | test("^[1-4]$")) and (.analysis | test("^[0-2]$")) and (.distribution | test("^[0-5]$"))
  and (.published == false) and (.timestamp | test("^[0-9]+$")) and (.Orgc | (.uuid | uuid) and (.name | length > 0))
  and (.Tag | all(.name | length > 0)) and (.Attribute | length > 0)
  and (.Attribute | all((.uuid | uuid) and (.to_ids | type == "boolean") and (.distribution | test("^[0-5]$")) and (.timestamp | test("^[0-9]+$"))
    and (.comment | type == "string") and (.disable_correlation | type == "boolean") and (.value | type == "string" and length > 0)
    and (.type as $t | $takes[.category] | index($t) != null)))
  and ([.Attribute[].uuid] | length == (unique | length))
