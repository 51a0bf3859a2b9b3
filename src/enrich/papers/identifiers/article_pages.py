r"""Pages of publishers and archives that show one article: which addresses they have.

One table: domain -> pattern of the path (with `?query`) of a page of one article. Sources are
the publishers' own sites; `DERIVED_DOIS` holds those that make the DOI from the address.
"""

from __future__ import annotations

import re
from typing import Final

from enrich.papers.identifiers.addresses import Address, of_host

_DOI = r"/(?:doi/|content/|article/|articles/|chapter/|book/)[^?]*10\.\d{4,9}/"
# Silverchair, Atypon and the other platforms that many societies rent.
_JOURNAL = r"/(?:article|fullarticle|article-abstract|article-pdf|article-lookup)s?/."

_PATTERNS: Final = {
    "aaai.org": r"/(?:paper|article)/(?:view|download)\w*/|/papers?/\d",
    "academic.oup.com": _JOURNAL,
    "acm.org": r"/doi/|/(?:citation|ft_gateway|authorize)\b|/authorize\?",
    "aeaweb.org": r"/articles\?id=",
    "aip.org": _JOURNAL + "|" + _DOI,
    "annualreviews.org": _DOI,
    "aps.org": r"/(?:abstract|pdf|export)/10\.1103/",
    "asme.org": _JOURNAL,
    "atlantis-press.com": r"/(?:article|proceedings/[\w\-]+)/\d",
    "biomedcentral.com": r"/articles?/(?:pdf/)?10\.|/track/pdf/10\.",
    "biorxiv.org": r"/content/",
    "bmj.com": r"/content/",
    "bmva.org": r"/bmvc/\d{4}/\w+/.",
    "bmva-archive.org.uk": r"/bmvc/\d{4}/\w+/.",
    "cambridge.org": r"/core/(?:journals|books|product)/.*(?:article|chapter)|/article/",
    "cell.com": r"/(?:fulltext|abstract|pdf|pdfExtended)/[\w\-()]+|[?&]pii=|/pb-assets/.+\.pdf",
    "ceur-ws.org": r"/Vol-\d+/.+\.pdf",
    "chemrxiv.org": r"/article-details/|/articles/",
    "computer.org": r"/csdl/(?:proceedings|journal|magazine|trans|mags)[\w\-/]*/",
    "core.ac.uk": r"/(?:download|reader|display|works|outputs)/",
    "dagstuhl.de": r"/(?:entities/document|opus/(?:frontdoor|volltexte))|/document/10\.",
    "degruyter.com": r"/document/doi/|/downloadpdf/|/view/j/",
    "direct.mit.edu": _JOURNAL,
    "ecva.net": r"/papers/",
    "elifesciences.org": r"/(?:articles|content|reviewed-preprints)/\w",
    "emerald.com": r"/insight/content/doi/",
    "eprint.iacr.org": r"/\d{4}/\d+",
    "europepmc.org": r"/(?:articles?|abstract)/(?:MED|PMC|PPR)",
    "f1000research.com": r"/articles/\d",
    "frontiersin.org": r"/articles?/|/journals/[\w\-]+/articles/10\.",
    "hal.science": r"/[\w\-]*hal-\d+|/tel-\d+|/inria-\d+",
    "archives-ouvertes.fr": r"/[\w\-]*hal-\d+|/tel-\d+|/inria-\d+",
    "hindawi.com": r"/journals/\w+/\d{4}/\d+",
    "ieee.org": r"/(?:abstract/)?document/\d|/(?:stamp|xpl|xpls)/.*(?:arnumber|tp=)|/iel\d/.*\.pdf",
    "ijcai.org": r"/proceedings/\d{4}[\w\-]*/\d|/papers?\d*/.*\.pdf|/proceedings/.*\.pdf",
    "informs.org": _DOI,
    "inspirehep.net": r"/(?:literature|record)/\d+",
    "iop.org": r"/article/10\.",
    "isca-archive.org": r"/\w+_\d{4}\w*/\w+|/archive/",
    "isca-speech.org": r"/archive/.*(?:_\d{4}/\w+|\.pdf|\.html)",
    "jair.org": r"/article/(?:view|download)/|/media/\d+",
    "jamanetwork.com": r"/(?:full)?article(?:-abstract)?/",
    "jmlr.org": r"/papers/(?:volume\d+|v\d+)/\w|/proceedings/papers/v\d+/\w",
    "jov.arvojournals.org": _JOURNAL + r"|/article\.aspx",
    "jstor.org": r"/stable/\d",
    "liebertpub.com": _DOI,
    "mdpi.com": r"/\d{4}-\d{3}[\dXx]/\d+/\d+/\d+|/resolver\?pii=",
    "medrxiv.org": r"/content/",
    "mitpressjournals.org": _DOI,
    "mlr.press": r"/v\d+/\w+",
    "nature.com": r"/articles/\w",
    "ncbi.nlm.nih.gov": r"/pmc/articles/|/articles/PMC|/pubmed/\d",
    "ndss-symposium.org": r"/ndss-paper/|/wp-content/uploads/.*\.pdf",
    "nejm.org": _DOI,
    "neurips.cc": r"/paper/|/paper_files/",
    "nips.cc": r"/paper/|/paper_files/|/book/.+/\w+\.pdf",
    "nowpublishers.com": r"/article/",
    "optica.org": r"/(?:abstract|fulltext)\.cfm|/viewmedia",
    "osapublishing.org": r"/(?:abstract|fulltext)\.cfm|/viewmedia",
    "osf.io": r"/preprints/",
    "paperswithcode.com": r"/paper/\w",
    "peerj.com": r"/(?:articles|preprints)/\w",
    "psu.edu": r"/viewdoc/|/doc_view/|/pdf/[0-9a-f]{40}",
    "petsymposium.org": r"/popets/\d{4}/popets-",
    "plos.org": r"/article(?:/file|/fetchArticle)?[?/].*10\.1371|/article\?id=",
    "pnas.org": r"/content/|/doi/",
    "preprints.org": r"/manuscript/\d",
    "projecteuclid.org": r"/journals/.+/|/euclid\.",
    "researchgate.net": r"/publication/\d",
    "researchsquare.com": r"/article/rs-",
    "roboticsproceedings.org": r"/rss\d+/p\d+",
    "royalsocietypublishing.org": _DOI,
    "rsc.org": r"/en/content/article",
    "sagepub.com": _DOI + r"|/doi/",
    "science.org": r"/doi/|/content/",
    "sciencedirect.com": r"/science/article/",
    "sciencemag.org": r"/content/|/doi/",
    "scitepress.org": r"/(?:Link|Papers|PublicationsDetail|PublishedPapers)",
    "semanticscholar.org": r"/paper/|/reader/",
    "siam.org": r"/doi/",
    "spiedigitallibrary.org": r"/(?:conference-proceedings-of-spie|journals)/.+",
    "springer.com": r"/(?:article|chapter|content/pdf|protocol|referenceworkentry)/10\.|/10\.\d{4}",
    "springeropen.com": r"/articles?/(?:pdf/)?10\.",
    "springernature.com": r"/articles/",
    "ssrn.com": r"/(?:sol3|abstract)|/abstract=",
    "tandfonline.com": r"/doi/",
    "techrxiv.org": r"/articles?/|/doi/|/users/.+/articles/",
    "thecvf.com": r"/content",
    "thelancet.com": r"/article/|[?&]pii=",
    "usenix.org": r"/presentation/\w|/system/files/.+\.pdf|/legacy/.+\.(?:pdf|html?)$",
    "vldb.org": r"/pvldb/.+\.pdf|/conf/.+\.pdf",
    "wiley.com": r"/doi/|/10\.\d{4}",
    "worldscientific.com": r"/doi/",
}  # fmt: skip
_PAGES: Final = {host: re.compile(pattern, re.IGNORECASE) for host, pattern in _PATTERNS.items()}
# Systems that any publisher or university may run: Open Journal Systems and its sister for
# conferences, Atypon, HighWire (`/content/12/7/878`), DSpace.
_ANY_HOST: Final = re.compile(
    r"/(?:article|papers?)/(?:view|download)\w*/[\w\-]|/bitstream/handle/.+\.pdf"
    r"|/doi/(?:abs/|full/|pdf/|epdf/)?10\.\d|/accepted[-_]papers/view/\w"
    r"|/content/(?:early/)?\d{1,4}/\d{1,4}/\w+",
    re.IGNORECASE,
)

# Publishers that make the DOI of an article from its address: domain -> (path, DOI).
_DERIVED: Final = {
    "elifesciences.org": (r"/(?:articles|content)/(\d{5,6})", r"10.7554/elife.\1"),
    "ijcai.org": (r"/proceedings/(20(?:1[7-9]|[2-4]\d))/0*(\d{1,4})(?:\.pdf)?$",
                  r"10.24963/ijcai.\1/\2"),
    "nature.com": (
        r"/articles/((?:s\d|nature|nmeth|srep|ncomms|n[a-z]{3,8}\.?\d)[a-z0-9\-.]*?)"
        r"(?:\.pdf|\.epdf|_reference\.pdf)?/?$",
        r"10.1038/\1",
    ),
    "peerj.com": (r"/articles/(\d+|[a-z]+-\d+)(?:[/.].*)?$", r"10.7717/peerj.\1"),
    "rsc.org": (
        r"/en/content/article(?:landing|html|pdf)/(?:19|20)\d\d/\w+/([a-z]\d\w{6,8})(?:[/.].*)?$",
        r"10.1039/\1",
    ),
    "ssrn.com": (r"/(?:sol3/papers\.cfm)?(?:\?|.*&)?abstract(?:_?id)?=(\d{5,8})",
                 r"10.2139/ssrn.\1"),
}  # fmt: skip
_DERIVED_DOIS: Final = {
    host: (re.compile(pattern, re.IGNORECASE), doi) for host, (pattern, doi) in _DERIVED.items()
}


def is_article_page(address: Address) -> bool:
    """Whether an address leads to the page (or file) of one article of a publisher or archive."""
    pattern = of_host(address.host, _PAGES)
    target = f"{address.path}?{address.query}" if address.query else address.path
    return bool(pattern and pattern.search(target)) or bool(_ANY_HOST.search(address.path))


def derived_doi(address: Address) -> str | None:
    """The DOI that a publisher makes from the address of an article; None if it does not."""
    rule = of_host(address.host, _DERIVED_DOIS)
    if rule is None:
        return None
    pattern, doi = rule
    match = pattern.search(f"{address.path}?{address.query}" if address.query else address.path)
    if match is None:
        return None
    # PeerJ's sections are part of the registrant's name: peerj-cs.123, not peerj.cs-123.
    found = match.expand(doi).lower()
    return re.sub(r"^10\.7717/peerj\.([a-z]+)-", r"10.7717/peerj-\1.", found)
