"""Gives a domain controller's database another invocationId, below Samba's own modules, which never would: invocation.py PRIVATE_FOLDER"""

import glob
import sys
import uuid

import ldb

[file] = glob.glob(sys.argv[1] + "/sam.ldb.d/CN=CONFIGURATION*.ldb") + glob.glob(sys.argv[1] + "/sam.ldb.d/CN%3DCONFIGURATION*.ldb")
database = ldb.Ldb(file, options=["modules:"])
[settings] = database.search(scope=ldb.SCOPE_SUBTREE, expression="(invocationId=*)", attrs=["invocationId"])
message = ldb.Message(settings.dn)
message["invocationId"] = ldb.MessageElement(uuid.uuid4().bytes, ldb.FLAG_MOD_REPLACE, "invocationId")
database.modify(message)
