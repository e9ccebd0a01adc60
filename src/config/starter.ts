/** What `cordon init` writes: everything that is not a comment is also the default. */
export const STARTER = `# Cordon: what to watch, and what to do. docs/watch.md explains every setting.
aws: { region: us-east-1 }

# Where logs come from: files that grow, an SQS queue that announces S3 objects, a Kinesis stream.
sources: []
#  - files: logs
#  - queue: https://sqs.us-east-1.amazonaws.com/123456789012/logs
#  - kinesis: logs

# What is bad, and what needs no word: docs/intel.md.
#lists:
#  bad_ips: { file: my-bad-ips.txt }
#  expected_ports: [53, 80, 123, 443]

# What is done when a rule finds something: record, observe (say what would be done), approve (wait for a
# person), enforce. Begin with observe. cordon rules list, cordon playbooks list.
bindings:
  - { rule: rejected-outbound-traffic, playbook: contain-and-terminate, mode: observe }
  - { rule: known-bad-address, playbook: contain-and-terminate, mode: observe }
#  - { rule: mining-pool-domain, playbook: contain-and-ask, mode: observe }
#  - { rule: instance-credentials-used-elsewhere, playbook: disable-credentials, mode: observe }
#  - { rule: cloudtrail-stopped, playbook: restart-trail, mode: observe, with: { trail: main } }

# Changes: what API calls leave behind is judged by the policies of cordon check, and taken back.
#audit:
#  enabled: true
#  bindings:
#    - { policy: "*", level: medium, playbook: roll-back, mode: observe }

# Who may change what; CloudFormation may without a word: docs/approval.md.
#approval:
#  principals: [arn:aws:iam::123456789012:role/deploy]
#  breakGlass: [arn:aws:iam::123456789012:role/break-glass]
#  unapproved:
#    all: { mode: observe, playbook: roll-back }

# What nobody touches, and how much at most: docs/guardrails.md.
#guardrails:
#  protectedTags: [cordon:protected, stage=prod]
#  responsesPerHour: 3
#  twoPersons: true

# How evidence is kept and signed. Without more, a key in the state folder signs.
evidence:
  around: 15 # minutes before and after an incident from which the subject's records are kept
#  kms: arn:aws:kms:us-east-1:123456789012:key/0987dcba-09fe-87dc-65ba-ab0987654321 # signs instead
#  tsa: https://timestamp.example.com # an authority of RFC 3161 stamps it
#  bucket: my-evidence # with Object Lock: a copy nobody can delete
#  retention: { mode: GOVERNANCE, days: 365 }
`;
