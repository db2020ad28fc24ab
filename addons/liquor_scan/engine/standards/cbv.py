"""Words of the Core Business Vocabulary 2.0 that EPCIS 2.0 allows without a namespace."""

CBV = "https://ref.gs1.org/cbv/"
VOC = "https://ref.gs1.org/voc/"
CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


BIZ_STEPS = _words(
    """accepting arriving assembling collecting commissioning consigning creating_class_instance cycle_counting
    decommissioning departing destroying disassembling dispensing encoding entering_exiting holding inspecting
    installing killing loading other packing picking receiving removing repackaging repairing replacing reserving
    retail_selling sampling sensor_reporting shipping staging_outbound stock_taking stocking storing transporting
    unloading unpacking void_shipping"""
)
DISPOSITIONS = _words(
    """active available completeness_inferred completeness_verified conformant container_closed container_open damaged
    destroyed dispensed disposed encoded expired in_progress in_transit inactive mismatch_class mismatch_instance
    mismatch_quantity needs_replacement no_pedigree_match non_conformant non_sellable_other partially_dispensed
    recalled reserved retail_sold returned sellable_accessible sellable_not_accessible stolen unavailable
    unknown"""
)
BIZ_TRANSACTION_TYPES = _words("bol cert desadv inv pedigree po poc prodorder recadv rma testprd testres upevt")
SOURCE_DEST_TYPES = frozenset({"owning_party", "possessing_party", "location"})
ERROR_REASONS = frozenset({"did_not_occur", "incorrect_data"})
# what stands before a word of the list in its URI, and before the same word in EPCIS 1.2
PREFIXES = {
    "bizStep": ("BizStep-", "urn:epcglobal:cbv:bizstep:"),
    "disposition": ("Disp-", "urn:epcglobal:cbv:disp:"),
    "bizTransactionType": ("BTT-", "urn:epcglobal:cbv:btt:"),
    "sourceDestType": ("SDT-", "urn:epcglobal:cbv:sdt:"),
    "reason": ("ER-", "urn:epcglobal:cbv:er:"),
}


def expand(kind: str, word: str) -> str:
    """URI of a word; what is no bare word stays, but for the URNs of EPCIS 1.2.

    >>> expand("bizStep", "shipping"), expand("disposition", "urn:epcglobal:cbv:disp:in_transit")
    ('https://ref.gs1.org/cbv/BizStep-shipping', 'https://ref.gs1.org/cbv/Disp-in_transit')
    >>> expand("bizStep", "https://example.com/x")
    'https://example.com/x'
    """
    prefix, old = PREFIXES[kind]
    if word.startswith(old):
        word = word.removeprefix(old)
    return word if ":" in word else f"{CBV}{prefix}{word}"


def bare(kind: str, word: str) -> str:
    """The bare word of a URI of the vocabulary; any other text stays.

    >>> bare("bizStep", "https://ref.gs1.org/cbv/BizStep-shipping"), bare("bizStep", "cbv:BizStep-shipping")
    ('shipping', 'shipping')
    """
    prefix, old = PREFIXES[kind]
    for start in (f"{CBV}{prefix}", f"cbv:{prefix}", old):
        if word.startswith(start):
            return word.removeprefix(start)
    return word
