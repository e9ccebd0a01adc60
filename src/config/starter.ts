/** What `cordon init` writes: everything that is not a comment is also the default. */
export const STARTER = `# Cordon: what to watch, and what to do. docs/watch.md explains every setting.
aws: { region: us-east-1 }

# Where logs come from: files that grow, an SQS queue that announces S3 objects, a Kinesis stream.
sources: []
#  - files: logs
#  - queue: https://sqs.us-east-1.amazonaws.com/123456789012/flow-logs
#  - kinesis: logs

# What bindings do: record, observe (say what would be done), approve (wait for a person), enforce.
bindings:
  - { rule: rejected-outbound-traffic, playbook: contain-and-terminate, mode: observe }
  - { rule: known-bad-address, playbook: contain-and-terminate, mode: observe }

# How evidence is kept and signed. Without more, a key in the state folder signs.
evidence:
  around: 15 # minutes before and after an incident from which the subject's records are kept
#  kms: arn:aws:kms:us-east-1:123456789012:key/…       # a key of KMS signs instead
#  tsa: https://timestamp.example.com                  # an authority of RFC 3161 stamps it
#  bucket: my-evidence                                 # with Object Lock: a copy nobody can delete
#  retention: { mode: GOVERNANCE, days: 365 }
`;
