"""Events with the hash ids that the reference implementation of CBV 2.0 publishes for them.

Source: RalphTro/epcis-event-hash-generator, tests/examples (documents and expected/CBV2.0), written shorter here.
"""

CONTEXT = [
    "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
    {"example": "https://ns.example.com/epcis/", "cbvmda": "urn:epcglobal:cbv:mda:"},
]


def event(kind, time, offset, **values):
    """An event; places are given by their URI alone, lists of typed things as pairs."""
    for place in ("readPoint", "bizLocation"):
        if isinstance(values.get(place), str):
            values[place] = {"id": values[place]}
    for name, member in (
        ("bizTransactionList", "bizTransaction"),
        ("sourceList", "source"),
        ("destinationList", "destination"),
    ):
        if name in values:
            values[name] = [{"type": word, member: uri} for word, uri in values[name]]
    return {"type": kind, "eventTime": time, "eventTimeZoneOffset": offset, **values}


def bottles(*numbers):
    return [f"urn:epc:id:sgtin:4012345.{number}" for number in numbers]


DOCUMENT = "urn:epcglobal:cbv:bt:5200001000008"
PAPERS = [("desadv", f"{DOCUMENT}:4711"), ("inv", f"{DOCUMENT}:RE1099")]
SGLN, PGLN, SSCC = "urn:epc:id:sgln", "urn:epc:id:pgln", "urn:epc:id:sscc"
INPUT = [*bottles("011122.25"), "urn:epc:id:sgtin:4000001.065432.99886655"]
OUTPUT = bottles("077889.25", "077889.26", "077889.27", "077889.28")
TRANSFORMED = ("TransformationEvent", "2019-10-21T14:58:56.591+02:00", "+02:00")

VECTORS = {
    # ReferenceEventHashAlgorithm, 2 and 3
    "6ae96341e0acc6d7a261364751f60e68278a81cdf51da0abb6b4e617014e39d7": event(
        "ObjectEvent",
        "2020-03-04T11:00:30.000+01:00",
        "+01:00",
        recordTime="2020-03-04T11:00:30.999+01:00",
        epcList=[f"{SSCC}:4012345.0000000{number}" for number in (333, 111, 222)],
        action="OBSERVE",
        bizStep="departing",
        readPoint=f"{SGLN}:4012345.00011.987",
        **{
            "example:myField1": {"example:mySubField1": "2", "example:mySubField2": "5"},
            "example:myField2": "0",
            "example:myField3": {"example:mySubField3": ["3", "1"]},
        },
    ),
    "271565c346ae2fb28c4583c4dca4ab4772d465eb4e0b6e548d77d8b49377d95c": event(
        "ObjectEvent",
        "2020-04-01T15:00:00+01:00",
        "+01:00",
        epcList=bottles("011111.9876"),
        action="OBSERVE",
        bizStep="inspecting",
        readPoint=f"{SGLN}:4012345.00005.0",
        sensorElementList=[
            {
                "sensorMetadata": {
                    "deviceID": "urn:epc:id:giai:4000001.111",
                    "deviceMetadata": "https://id.gs1.org/8004/4000001111",
                },
                "sensorReport": [
                    {"type": "Temperature", "value": 26, "sDev": 0.1, "uom": "CEL"},
                    {"type": "AbsoluteHumidity", "value": 12.1, "uom": "A93"},
                    {
                        "type": "Dimensionless",
                        "microorganism": "https://www.ncbi.nlm.nih.gov/taxonomy/1126011",
                        "value": 0.05,
                        "uom": "C35",
                    },
                    {
                        "type": "Dimensionless",
                        "chemicalSubstance": "https://identifiers.org/inchikey:CZMRCDWAGMRECN-UGDNZRGBSA-N",
                        "value": 0.18,
                        "uom": "C35",
                    },
                ],
            }
        ],
    ),
    "3ae14c02c4bdc220cc31942cf804f6845eb8dec96ba6483391c92a9b165f9329": event(
        "ObjectEvent",
        "2020-03-04T11:00:30+01:00",
        "+01:00",
        epcList=["urn:epc:id:sgtin:0614141.011111.987"],
        action="OBSERVE",
        bizStep="departing",
        disposition="in_transit",
        readPoint={"id": f"{SGLN}:4012345.00011.0", "example:myField1": "AB-12"},
        bizTransactionList=[("po", "urn:epc:id:gdti:4012345.11111.123")],
        sourceList=[("owning_party", f"{PGLN}:4012345.00000")],
        destinationList=[("owning_party", f"{PGLN}:0614141.00000")],
        **{"example:userExt": "CD-34"},
    ),
    # epcisDocWithVariousEventTypes
    "253f0178f96349eedc207505b49044a602129605cf692e3d9f1f36c8bd1dfb0d": event(
        "ObjectEvent",
        "2019-10-21T11:00:30.000+01:00",
        "+01:00",
        epcList=[f"{SSCC}:5200001.0111111146"],
        action="OBSERVE",
        bizStep="departing",
        readPoint=f"{SGLN}:5200001.99901.0",
        bizTransactionList=PAPERS,
        sourceList=[("possessing_party", f"{PGLN}:5200001.00000")],
        destinationList=[("possessing_party", f"{PGLN}:4000001.98765"), ("location", f"{SGLN}:4012345.00012.0")],
    ),
    "ef43acf0e69951f79739f603f714893784648a41bac3f58035b5830a978a2631": event(
        "ObjectEvent",
        "2019-10-21T12:00:30.000+01:00",
        "+01:00",
        epcList=[f"{SSCC}:5200001.0111111146"],
        action="OBSERVE",
        bizStep="receiving",
        readPoint=f"{SGLN}:4012345.00012.0",
        bizTransactionList=PAPERS,
        sourceList=[(word, f"{PGLN}:4000001.00012") for word in ("possessing_party", "owning_party")],
        destinationList=[
            *((word, f"{PGLN}:4012345.00000") for word in ("possessing_party", "owning_party")),
            ("location", f"{SGLN}:4012345.00012.0"),
        ],
    ),
    "5f396ea5cb32fe4d0980cb79f5a5eb9640559e9f5a6cefa5c98a7d6ad554b50b": event(
        "ObjectEvent",
        "2019-10-21T14:58:56.000+02:00",
        "+02:00",
        quantityList=[{"epcClass": "urn:epc:class:lgtin:4054739.099914.20160711", "quantity": 600, "uom": "KGM"}],
        action="ADD",
        bizStep="commissioning",
        readPoint=f"{SGLN}:4054739.00001.0",
        ilmd={"cbvmda:bestBeforeDate": "2019-10-21"},
    ),
    "c941e6486c561c2be83c28dc228c150eaef9a6befb1015e6cc563982fb7414b6": event(
        "AggregationEvent",
        "2019-10-21T11:58:56.591+02:00",
        "+02:00",
        parentID=f"{SSCC}:4047023.0111111122",
        childEPCs=[f"urn:epc:id:sgtin:4047023.077551.{number}" for number in (98, 97, 107, 109)],
        action="ADD",
        bizStep="packing",
        readPoint=f"{SGLN}:4047023.00012.0",
    ),
    "cfda50b7ff23682e989bafc3747ac9b752f405305fcde6618280f6be27344f35": event(
        "AggregationEvent",
        "2019-10-21T17:30:56.591+02:00",
        "+02:00",
        parentID=f"{SSCC}:4012344.0111111133",
        childQuantityList=[
            {"epcClass": "urn:epc:class:lgtin:4054739.099902.P2", "quantity": 12, "uom": "KGM"},
            {"epcClass": "urn:epc:class:lgtin:4054739.012345.lot2", "quantity": 17},
        ],
        action="ADD",
        bizStep="packing",
        readPoint=f"{SGLN}:4012345.00025.0",
    ),
    "c4bdb87c8d59d6ab569d0cfc6583e9dd4c314cdf71799b0ef8d4febe5239d9c5": event(
        "AggregationEvent",
        "2019-10-21T11:58:56.591+02:00",
        "+02:00",
        parentID=f"{SSCC}:4012344.0111111144",
        action="DELETE",
        bizStep="unpacking",
        readPoint=f"{SGLN}:4012345.00025.0",
        bizTransactionList=[("inv", "urn:epcglobal:cbv:bt:4012345123456:RE1099")],
    ),
    "cf6559dc931963f19ed9cd2fe33c02ef64c8cfd557e5a96b086a87db315b7122": event(
        "TransactionEvent",
        "2019-10-21T00:05:00-06:00",
        "-06:00",
        epcList=["urn:epc:id:sgtin:0614141.107340.1", "urn:epc:id:sgtin:0614141.107340.2"],
        action="ADD",
        bizStep="shipping",
        readPoint=f"{SGLN}:4012345.00000.5",
        bizLocation=f"{SGLN}:4012345.00000.0",
        bizTransactionList=[("po", "urn:epcglobal:cbv:bt:4012345123456:RE100099")],
    ),
    "335da6c3ab1d932824748791beec4d7ed261ed383f6849f6b8718e8fafb4d298": event(
        *TRANSFORMED,
        inputEPCList=INPUT,
        outputEPCList=OUTPUT,
        transformationID="urn:epc:id:gdti:4012345.55555.1234",
        bizStep="commissioning",
        readPoint=f"{SGLN}:4012345.00001.0",
        ilmd={"example:bestBeforeDate": "2020-11-10", "example:batch": "4711"},
    ),
    "36ab2ba0e3eac03d14a630148c63c31da00b8c4f1c311f501eb459e89a6e6350": event(
        *TRANSFORMED,
        inputEPCList=INPUT,
        outputEPCList=OUTPUT,
        inputQuantityList=[
            {"epcClass": "urn:epc:class:lgtin:4012345.011111.4444", "quantity": 10, "uom": "KGM"},
            {"epcClass": "urn:epc:class:lgtin:0614141.077777.987", "quantity": 30},
            {"epcClass": "urn:epc:idpat:sgtin:4012345.066666.*", "quantity": 220},
        ],
        bizStep="commissioning",
        readPoint=f"{SGLN}:4012345.00001.0",
        ilmd={"example:bestBeforeDate": "2015-11-10", "example:batch": "XYZ"},
    ),
    "756558aa09b2d38c6bcb6e50eab2fcbebd9bde17362a7c4f4686a5d7f5fb013f": event(
        *TRANSFORMED,
        inputEPCList=INPUT,
        outputQuantityList=[{"epcClass": "urn:epc:class:lgtin:4054739.099902.P20131121", "quantity": 9520}],
        transformationID="urn:epc:id:gdti:4012345.55555.1234",
        bizStep="http://epcis.example.com/user/vocab/bizstep/exampling",
        readPoint=f"{SGLN}:4012345.00001.0",
    ),
    # epcisDocWithXMLstartTagAndErrorDeclaration: what is declared wrong keeps its id
    "e16ce101f3d7383612e00b74419b2d88f12baa6a124b0e390252d396687d5cf7": event(
        "TransformationEvent",
        "2020-01-14T00:00:00.000+01:00",
        "+01:00",
        eventID="urn:uuid:374d95fc-9457-4a51-bd6a-0bba133845a8",
        inputEPCList=bottles("011111.987"),
        outputEPCList=bottles("033333.AGHFG"),
        inputQuantityList=[{"epcClass": "urn:epc:class:lgtin:4012345.022222.87545GHGH"}],
        outputQuantityList=[{"epcClass": "urn:epc:idpat:sgtin:4012345.044444.*", "quantity": 452.0, "uom": "KGM"}],
        bizStep="commissioning",
        readPoint=f"{SGLN}:4012345.00000.0",
        errorDeclaration={
            "declarationTime": "2020-01-15T00:00:00.000+01:00",
            "reason": "incorrect_data",
            "example:vendorExtension": "Test1",
        },
    ),
}
