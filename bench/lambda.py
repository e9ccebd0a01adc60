"""The same three rules as a Lambda function in Python would do it: gzip, split, a set."""

import gzip
import sys
from collections import Counter

bad_list, *files = sys.argv[1:]
with open(bad_list) as lines:
    bad = set(lines.read().split("\n"))
expected = {"0", "53", "80", "123", "443"}
found = Counter()
for file in files:
    with gzip.open(file, "rt") as lines:
        next(lines)
        for line in lines:
            fields = line.split(" ")
            source, destination, source_port, port, action = fields[3], fields[4], fields[5], fields[6], fields[12]
            began = source.startswith("10.") and not destination.startswith("10.") and int(source_port) > int(port)
            accepted = action == "ACCEPT"
            matches = (
                (began and action == "REJECT")
                + ((source in bad or destination in bad) and (accepted or began))
                + (began and accepted and int(port) < 1024 and port not in expected)
            )
            if matches:
                found[fields[2]] += matches
print(sum(found.values()))
