"""Puts people into a provisioned Samba domain, in one transaction: seed.py SMB_CONF SAM_LDB < people.json"""

import json
import sys

from samba.auth import system_session
from samba.param import LoadParm
from samba.samdb import SamDB

lp = LoadParm()
lp.load(sys.argv[1])
sam = SamDB(sys.argv[2], session_info=system_session(), lp=lp)
wanted = json.load(sys.stdin)
sam.transaction_start()
for entry in wanted["entries"]:
    sam.add({name: ([value.encode() for value in values] if name != "dn" else values) for name, values in entry.items()})
sam.transaction_commit()
# References to people who came later.
sam.transaction_start()
sam.modify_ldif("\n".join(wanted["links"])) if wanted["links"] else None
sam.transaction_commit()
for name, password, groups in wanted["accounts"]:
    sam.newuser(name, password)
    for group in groups:
        sam.add_remove_group_members(group, [name])
