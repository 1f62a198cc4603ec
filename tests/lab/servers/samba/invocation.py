"""Gives a domain controller's database another invocationId: invocation.py SMB_CONF SAM_LDB"""

import sys
import uuid

import ldb
from samba.auth import system_session
from samba.ndr import ndr_pack
from samba.dcerpc import misc
from samba.param import LoadParm
from samba.samdb import SamDB

lp = LoadParm()
lp.load(sys.argv[1])
sam = SamDB(sys.argv[2], session_info=system_session(), lp=lp)
message = ldb.Message(ldb.Dn(sam, sam.get_dsServiceName()))
guid = ndr_pack(misc.GUID(str(uuid.uuid4())))
message["invocationId"] = ldb.MessageElement(guid, ldb.FLAG_MOD_REPLACE, "invocationId")
sam.modify(message, ["local_oid:1.3.6.1.4.1.7165.4.3.14:0"])
